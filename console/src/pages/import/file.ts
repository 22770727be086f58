/** A table from a file of this computer, checked as far as a browser can before it is sent. */

/** As the centre's own limit for `tocsin import` (docs/reference/accounts.md). */
export const FILE_BYTES_MAX = 64 * 1024 * 1024;

export type FileFault = "empty" | "large" | "encoding" | "workbook" | "unreadable";

export interface TableFile { name: string; text: string; bytes: number }

/** First bytes of what a spreadsheet program saves when nobody tells it to write CSV: ZIP, and the older OLE. */
const WORKBOOKS = [[0x50, 0x4b, 0x03, 0x04], [0xd0, 0xcf, 0x11, 0xe0]];

export const isWorkbook = (bytes: Uint8Array): boolean => WORKBOOKS.some((start) => start.every((byte, index) => bytes[index] === byte));

/** The text of the file, or what is wrong with it. */
export function readTable(name: string, bytes: Uint8Array): TableFile | FileFault {
  if (bytes.length === 0) return "empty";
  if (bytes.length > FILE_BYTES_MAX) return "large";
  if (isWorkbook(bytes)) return "workbook";
  try {
    // A mark of byte order goes; anything that is no UTF-8 is told, never replaced: a name would change in silence.
    return { name, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), bytes: bytes.length };
  } catch {
    return "encoding";
  }
}
