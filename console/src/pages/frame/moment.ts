/** A time that somebody types: ISO, in UTC where no offset stands; null where it is none. */

import type { Micros } from "../../api/types";

const FORM = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s*(Z|z|[+-]\d{2}:?\d{2})?$/;

export function readMoment(text: string): Micros | null {
  const found = FORM.exec(text.trim());
  if (found === null) return null;
  const [, date, time, offset = "Z"] = found;
  const at = Date.parse(`${date}T${time}${offset.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, "$1:$2")}`);
  if (Number.isNaN(at)) return null;
  // The 31st of a month that has none is read as the 1st of the next: that is no date.
  const isDate = new Date(`${date}T00:00:00Z`).toISOString().startsWith(date ?? "");
  return isDate ? at * 1000 : null;
}
