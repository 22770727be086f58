/** A frame's bytes: as hex, as text, and as a vector that tells nobody's account and texts. */

import type { Explanation, FrameField } from "../../api/configuration";

export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor(hex.length / 2));
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

export function toHex(bytes: Uint8Array, between = ""): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(between);
}

/** One character a byte: UTF-8 where all of it is, else each byte by itself, as a panel of the older kind means it. */
export function asText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  }
}

/** CRC-16/ARC, the check sum of a frame's body (DC09.md, section 2). */
export function crcOf(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

const is = (from: string, to: string) => (byte: number): boolean => byte >= from.charCodeAt(0) && byte <= to.charCodeAt(0);
const isDigit = is("0", "9");
const isUpper = is("A", "Z");
const isLower = is("a", "z");
const HASH = "#".charCodeAt(0);
const CARET = "^".charCodeAt(0);
const OPEN = "[".charCodeAt(0);

/** Blind a byte, keeping what kind it is: length and alphabet of what stood there stay. */
function blind(byte: number): number {
  if (isDigit(byte)) return "0".charCodeAt(0);
  if (isUpper(byte)) return "X".charCodeAt(0);
  if (isLower(byte) || byte >= 0x80) return "x".charCodeAt(0);
  return byte;
}

/** Another number of the same length and alphabet: digits count up from 1, letters from A. */
function otherAccount(length: number, like: Uint8Array): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => {
    const byte = like[at] ?? 0;
    if (isDigit(byte)) return "1".charCodeAt(0) + (at % 9);
    return (isLower(byte) ? "a" : "A").charCodeAt(0) + (at % 6);
  });
}

/** The frame without its account and texts, its length kept and its check sum made right again where it was right.
 *  The content of an encrypted frame cannot be blinded without its key, so it goes whole, as zeros. */
export function blinded(raw: Uint8Array, fields: readonly FrameField[], isEncrypted: boolean, isCrcRight: boolean): Uint8Array {
  const bytes = raw.slice();
  const named = (name: FrameField["name"]) => fields.filter((field) => field.name === name && field.end > field.begin);
  for (const field of [...named("before"), ...named("behind")]) bytes.fill(0x3f, field.begin, field.end);
  const account = named("account")[0];
  const number = account === undefined ? null : digitsOf(bytes.slice(account.begin, account.end));
  const other = number === null ? null : otherAccount(number.length, number);
  if (account !== undefined && number !== null && other !== null) {
    const at = account.begin + (bytes[account.begin] === HASH ? 1 : 0);
    bytes.set(other, at);
  }
  for (const field of named("data")) {
    if (isEncrypted) zeros(bytes, field.begin, field.end);
    else blindData(bytes, field.begin, field.end, number, other);
  }
  for (const field of named("xdata")) {
    // The letter behind the bracket says what the block is; what it holds goes.
    const from = field.begin + (bytes[field.begin] === OPEN ? 2 : 1);
    for (let at = from; at < field.end; at++) bytes[at] = blind(bytes[at] ?? 0);
  }
  if (isCrcRight) writeCrc(bytes, fields);
  return bytes;
}

function digitsOf(bytes: Uint8Array): Uint8Array {
  return bytes[0] === HASH ? bytes.slice(1) : bytes;
}

function zeros(bytes: Uint8Array, begin: number, end: number): void {
  for (let at = begin; at < end; at++) if (/[0-9A-Fa-f]/.test(String.fromCharCode(bytes[at] ?? 0))) bytes[at] = 0x30;
}

/** The number behind `#`, and whatever stands between carets. */
function blindData(bytes: Uint8Array, begin: number, end: number, number: Uint8Array | null, other: Uint8Array | null): void {
  let isText = false;
  for (let at = begin; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === CARET) isText = !isText;
    else if (isText || byte >= 0x80) bytes[at] = blind(byte);
    else if (byte === HASH) {
      const from = at + 1;
      let to = from;
      while (to < end && /[0-9A-Za-z]/.test(String.fromCharCode(bytes[to] ?? 0))) to++;
      const here = bytes.slice(from, to);
      const isSame = number !== null && here.length === number.length && here.every((one, index) => one === number[index]);
      bytes.set(isSame && other !== null ? other : otherAccount(to - from, here), from);
      at = to - 1;
    }
  }
}

function writeCrc(bytes: Uint8Array, fields: readonly FrameField[]): void {
  const crc = fields.find((field) => field.name === "crc");
  const end = fields.find((field) => field.name === "end");
  const token = fields.find((field) => field.name === "token");
  if (crc === undefined || end === undefined || token === undefined) return;
  const sum = crcOf(bytes.slice(token.begin, end.begin));
  if (crc.end - crc.begin === 2) bytes.set([sum >> 8, sum & 0xff], crc.begin);
  else bytes.set(new TextEncoder().encode(sum.toString(16).toUpperCase().padStart(4, "0")), crc.begin);
}

/** The line that `tocsin frame --jsonl` takes, with what it is to answer beside it. */
export function vectorOf(raw: string, explanation: Explanation, fields: readonly FrameField[], now: string | null): string {
  const bytes = blinded(fromHex(raw), fields, explanation.encrypted, explanation.crc_ok);
  return JSON.stringify({
    id: `${explanation.outcome}${explanation.reason === null ? "" : `-${explanation.reason}`}`,
    raw: toHex(bytes), now, accounts: null, key: null,
  });
}
