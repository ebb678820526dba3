import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A key and a certificate that it signed itself, good for an hour. */
export interface SelfSigned {
  readonly privateKey: KeyObject;
  /** X.509, DER. */
  readonly certificate: Buffer;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** Tags of DER (ITU-T X.690). */
const DER = { integer: 2, bits: 3, nothing: 5, oid: 6, utf8: 12, time: 23, sequence: 0x30, set: 0x31 };
/** The object identifiers 1.2.840.113549.1.1.11 (sha256WithRSAEncryption) and 2.5.4.3 (commonName). */
const RSA_SHA256 = Buffer.from('2a864886f70d01010b', 'hex');
const COMMON_NAME = Buffer.from('550403', 'hex');

/** Makes an RSA key and an X.509 certificate (RFC 5280, version 1: no extensions) for it. */
export function selfSigned(name: string, now = new Date()): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const algorithm = der(DER.sequence, der(DER.oid, RSA_SHA256), der(DER.nothing));
  const common = der(DER.sequence, der(DER.oid, COMMON_NAME), der(DER.utf8, Buffer.from(name)));
  const who = der(DER.sequence, der(DER.set, common));
  const hour = 3600_000;
  const validity = der(DER.sequence, time(now.getTime() - hour), time(now.getTime() + hour));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const content = der(DER.sequence, der(DER.integer, Buffer.of(1)), algorithm, who, validity, who, key);
  const signature = der(DER.bits, Buffer.of(0), sign('sha256', content, privateKey));
  const certificate = der(DER.sequence, content, algorithm, signature);
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return {
    privateKey,
    certificate,
    certificatePem: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** UTCTime: two digits of the year. */
function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(DER.time, Buffer.from(`${digits}Z`));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const short = length < 0x80;
  const size = short ? Buffer.of(length) : Buffer.of(0x82, length >> 8, length & 0xff);
  return Buffer.concat([Buffer.of(tag), size, content]);
}
