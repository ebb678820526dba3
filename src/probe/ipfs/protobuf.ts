import { CannotLook } from '../../net/failure.js';

/** A field of a protobuf message: its number with a number or bytes. */
export interface ProtoField {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/**
 * Reads the fields of a protobuf message in their order (varints and length-delimited ones, as UnixFS has).
 *
 * @throws CannotLook when the bytes are no such message
 */
export function* protoFields(bytes: Uint8Array): Generator<ProtoField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 2 ** 49) throw new CannotLook('a block of it is no UnixFS');
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const length = tag % 8 === 2 ? varint() : undefined;
    if (tag % 8 === 0) yield { number, value: varint() };
    else if (length !== undefined && at + length <= bytes.length) {
      yield { number, value: bytes.subarray(at, at + length) };
      at += length;
    } else throw new CannotLook('a block of it is no UnixFS');
  }
}
