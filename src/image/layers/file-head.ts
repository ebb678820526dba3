import type { FileHead } from '../facts.js';

/** So many bytes are looked at: program headers and the loader's path lie in the first page in practice. */
export const HEAD_BYTES = 4096;

/** Reads the first bytes of a file, at most HEAD_BYTES of them. */
export function readHead(bytes: Buffer): FileHead {
  if (bytes.length === 0) return { kind: 'empty' };
  if (bytes.length >= 20 && bytes.readUInt32BE(0) === 0x7f454c46) return readElf(bytes);
  if (bytes[0] === 0x23 && bytes[1] === 0x21) return readShebang(bytes);
  return { kind: isText(bytes) ? 'text' : 'other' };
}

/** Machine numbers of ELF (System V ABI, `e_machine`) to names of Go; little endian where it matters. */
const MACHINES: Readonly<Record<number, string>> = {
  3: '386',
  8: 'mips',
  21: 'ppc64le',
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};
const PT_INTERP = 3;

function readElf(bytes: Buffer): FileHead {
  const is64 = bytes[4] === 2;
  const isLittle = bytes[5] !== 2;
  const number = (at: number, length: number): number => {
    if (at < 0 || at + length > bytes.length) return 0;
    if (length === 8) {
      const value = isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
      return Number(value);
    }
    return isLittle ? bytes.readUIntLE(at, length) : bytes.readUIntBE(at, length);
  };
  const machine = number(18, 2);
  const architecture = MACHINES[machine] ?? `machine ${String(machine)}`;
  const table = is64 ? number(32, 8) : number(28, 4);
  const entrySize = number(is64 ? 54 : 42, 2);
  const count = Math.min(number(is64 ? 56 : 44, 2), 64);
  for (let i = 0; i < count; i++) {
    const entry = table + i * entrySize;
    if (number(entry, 4) !== PT_INTERP) continue;
    const offset = is64 ? number(entry + 8, 8) : number(entry + 4, 4);
    const size = is64 ? number(entry + 32, 8) : number(entry + 16, 4);
    if (size < 2 || offset + size > bytes.length) break;
    return { kind: 'elf', architecture, loader: bytes.toString('utf8', offset, offset + size - 1) };
  }
  return { kind: 'elf', architecture };
}

/** The kernel takes one argument after the interpreter, and the line is 256 bytes long at most. */
function readShebang(bytes: Buffer): FileHead {
  const end = bytes.indexOf(0x0a);
  const line = bytes.toString('utf8', 2, end < 0 ? Math.min(bytes.length, 256) : Math.min(end, 256));
  const match = /^[ \t]*([^ \t\r\0]*)(?:[ \t]+([^\r\0]*))?/.exec(line);
  const argument = match?.[2]?.trim() ?? '';
  return {
    kind: 'script',
    interpreter: match?.[1] ?? '',
    ...(argument === '' ? {} : { argument }),
    hasCR: line.endsWith('\r'),
  };
}

function isText(bytes: Buffer): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x0c);
}
