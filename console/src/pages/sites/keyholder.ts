/** The fields of a keyholder's form, and what the centre would refuse. */

import type { Availability, Keyholder } from "../../api/help";
import { h } from "../../texts/help";

export const TELEPHONES_MAX = 3;
export const NAME_MAX = 120;
export interface KeyholderValues { name: string; telephones: string[]; availability: Availability }

export function keyholderValues(item: Keyholder | null): KeyholderValues {
  const telephones = [...(item?.telephones ?? [])];
  while (telephones.length < TELEPHONES_MAX) telephones.push("");
  return { name: item?.name ?? "", telephones, availability: item?.availability ?? "always" };
}

export const numbersOf = (values: KeyholderValues): string[] => values.telephones.map((one) => one.trim()).filter((one) => one !== "");

export function keyholderMistakes(values: KeyholderValues): { name?: string; telephones: (string | undefined)[] } {
  const telephones = values.telephones.map((one) => (one.trim() === "" || /^\+?[0-9 ()/-]{3,24}$/.test(one.trim()) ? undefined : h.keyholders.telephoneWrong));
  if (numbersOf(values).length === 0) telephones[0] = h.keyholders.telephoneMissing;
  return { ...(values.name.trim() === "" ? { name: h.keyholders.nameMissing } : {}), telephones };
}

export const isRight = (mistakes: ReturnType<typeof keyholderMistakes>): boolean => mistakes.name === undefined && mistakes.telephones.every((one) => one === undefined);
