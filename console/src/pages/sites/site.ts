/** The fields of a site's form, and what the centre would refuse. The server judges again. */

import type { SiteBody, SiteItem } from "../../api/configuration";
import { p } from "../../texts/pages";

export const SITE_LIMITS = { name: 120, address: 240, directions: 1000 } as const;

export interface SiteValues { name: string; address: string; directions: string }
export const EMPTY_SITE: SiteValues = { name: "", address: "", directions: "" };
export const SITE_LABELS: Record<keyof SiteValues, string> = {
  name: p.site.name, address: p.site.address, directions: p.site.directions,
};

export function siteValues(item: SiteItem): SiteValues {
  return { name: item.name ?? "", address: item.address ?? "", directions: item.directions ?? "" };
}

export function siteBody(values: SiteValues): SiteBody {
  return {
    name: values.name.trim(),
    address: values.address.trim() || null,
    // The centre keeps one line: what stood in several is told apart by strokes.
    directions: values.directions.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "").join(" / ") || null,
  };
}

export function siteMistakes(values: SiteValues): Partial<Record<keyof SiteValues, string>> {
  const mistakes: Partial<Record<keyof SiteValues, string>> = {};
  if (values.name.trim() === "") mistakes.name = p.site.nameMissing;
  for (const field of ["name", "address", "directions"] as const) {
    const count = [...values[field].trim()].length;
    if (count > SITE_LIMITS[field]) mistakes[field] = p.site.tooLong(count, SITE_LIMITS[field]);
  }
  return mistakes;
}
