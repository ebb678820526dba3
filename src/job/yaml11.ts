const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:|~|null|Null|NULL)$/;
const DECIMAL = /^[-+]?(?:0|[1-9][0-9]*)$/;
const OCTAL = /^([-+]?)0o?([0-7]+)$/;
const HEX = /^([-+]?)0x([0-9a-fA-F]+)$/;
const BINARY = /^([-+]?)0b([01]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/;
const NAN = /^\.(?:nan|NaN|NAN)$/;

/**
 * Gives the value of a plain scalar by the rules of Bacalhau's YAML reader, which are those of YAML 1.1 with Go's
 * spellings of numbers: `yes` is true, `010` is 8, `1_000` is 1000. Timestamps stay texts.
 */
export function resolvePlain(text: string): string | number | boolean | null {
  if (NULL.test(text)) return null;
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  const first = text.charCodeAt(0);
  const mayBeNumber = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!mayBeNumber) return text;
  return resolveNumber(text) ?? text;
}

function resolveNumber(text: string): number | undefined {
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (NAN.test(text)) return NaN;
  const digits = text.replaceAll('_', '');
  if (DECIMAL.test(digits)) return Number(digits);
  for (const [pattern, base] of [
    [OCTAL, 8],
    [HEX, 16],
    [BINARY, 2],
  ] as const) {
    const match = pattern.exec(digits);
    if (match !== null) return (match[1] === '-' ? -1 : 1) * Number.parseInt(match[2] ?? '', base);
  }
  return FLOAT.test(digits) ? Number(digits) : undefined;
}
