/** The fields of a site's form, and what the centre would refuse. The server judges again. */

import type { SiteBody, SiteItem } from "../../api/configuration";
import { p } from "../../texts/pages";
import { pm } from "../../texts/premises";

export const SITE_LIMITS = { name: 120, address: 240, directions: 1000, hazardDetails: 500, authority: 40 } as const;
const BUILDINGS_MAX = 40;
const BUILDING_NAME_MAX = 80;
const BUILDING_ACCESS_MAX = 240;
const DEGREES = /^[+-]?\d{1,3}(\.\d{1,15})?$/;

export type SiteHazard = SiteItem["hazards"][number];
export type SiteResponse = NonNullable<SiteItem["response"]>;
type SiteGrade = NonNullable<SiteItem["grade"]>;
export const HAZARDS = Object.keys(pm.hazardNames) as SiteHazard[];
export const RESPONSES = Object.keys(pm.responses) as SiteResponse[];
export const GRADES: readonly SiteGrade[] = [1, 2, 3, 4];

export interface SiteValues {
  name: string;
  address: string;
  directions: string;
  /** `48.20849, 16.37208` */
  position: string;
  /** One a line. */
  buildings: string;
  hazards: SiteHazard[];
  hazardDetails: string;
  authority: string;
  response: SiteResponse | null;
  grade: SiteGrade | null;
  installer: string;
}
export const EMPTY_SITE: SiteValues = {
  name: "", address: "", directions: "", position: "", buildings: "", hazards: [], hazardDetails: "", authority: "", response: null, grade: null, installer: "",
};
export const SITE_LABELS: Record<keyof SiteValues, string> = {
  name: p.site.name, address: p.site.address, directions: p.site.directions, position: pm.position, buildings: pm.buildings,
  hazards: pm.hazards, hazardDetails: pm.hazardDetails, authority: pm.authority, response: pm.response, grade: pm.grade, installer: pm.installer,
};

export function siteValues(item: SiteItem): SiteValues {
  return {
    name: item.name ?? "",
    address: item.address ?? "",
    directions: item.directions ?? "",
    position: positionOf(item),
    buildings: item.buildings.map((one) => (one.access ? `${one.name}: ${one.access}` : one.name)).join("\n"),
    hazards: item.hazards,
    hazardDetails: item.hazard_details ?? "",
    authority: item.authority_ref ?? "",
    response: item.response,
    grade: item.grade,
    installer: item.installer ?? "",
  };
}

export function positionOf(item: Pick<SiteItem, "latitude" | "longitude">): string {
  return item.latitude === null || item.longitude === null ? "" : `${item.latitude}, ${item.longitude}`;
}

/** A value of the form in words, for whoever compares two. */
export function siteWords(field: keyof SiteValues, value: SiteValues[keyof SiteValues]): string {
  if (Array.isArray(value)) return value.map((one) => pm.hazardNames[one]).join(", ");
  if (field === "response") return value === null ? "" : pm.responses[value as SiteResponse];
  return value === null ? "" : String(value);
}

/** The centre keeps one line: what stood in several is told apart by strokes. */
const oneLine = (text: string): string | null => lines(text).join(" / ") || null;
const lines = (text: string): string[] => text.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "");

function buildingsOf(typed: string): { name: string; access: string | null }[] {
  return lines(typed).map((line) => {
    const [name = "", ...access] = line.split(":");
    return { name: name.trim(), access: access.join(":").trim() || null };
  });
}

/** Latitude and longitude; null where nothing was typed, false where it is none. */
function degreesOf(typed: string): [number, number] | null | false {
  if (typed.trim() === "") return null;
  const parts = typed.trim().split(/\s*[,;]\s*|\s+/);
  if (parts.length !== 2 || !parts.every((part) => DEGREES.test(part))) return false;
  const [latitude, longitude] = parts.map(Number) as [number, number];
  return Math.abs(latitude) > 90 || Math.abs(longitude) > 180 ? false : [latitude, longitude];
}

export function siteBody(values: SiteValues): SiteBody {
  const [latitude, longitude] = degreesOf(values.position) || [null, null];
  return {
    name: values.name.trim(),
    address: values.address.trim() || null,
    directions: oneLine(values.directions),
    latitude,
    longitude,
    buildings: buildingsOf(values.buildings),
    hazards: values.hazards,
    hazard_details: oneLine(values.hazardDetails),
    authority_ref: values.authority.trim() || null,
    response: values.response,
    grade: values.grade,
    installer: values.installer.trim() || null,
  };
}

export function siteMistakes(values: SiteValues): Partial<Record<keyof SiteValues, string>> {
  const mistakes: Partial<Record<keyof SiteValues, string>> = {};
  if (values.name.trim() === "") mistakes.name = p.site.nameMissing;
  for (const field of ["name", "address", "directions", "hazardDetails", "authority"] as const) {
    const count = [...values[field].trim()].length;
    if (count > SITE_LIMITS[field]) mistakes[field] = p.site.tooLong(count, SITE_LIMITS[field]);
  }
  const degrees = degreesOf(values.position);
  if (degrees === false) mistakes.position = pm.positionWrong;
  else if (degrees !== null && degrees.every((one) => one === 0)) mistakes.position = pm.positionZero;
  const buildings = buildingsOf(values.buildings);
  const names = buildings.map((one) => one.name.toLowerCase());
  const twice = buildings.find((one, index) => names.indexOf(one.name.toLowerCase()) !== index);
  if (buildings.length > BUILDINGS_MAX) mistakes.buildings = pm.buildingsMany(buildings.length);
  else if (values.buildings.includes("|") || buildings.some(({ name, access }) => name === "" || [...name].length > BUILDING_NAME_MAX || [...(access ?? "")].length > BUILDING_ACCESS_MAX))
    mistakes.buildings = pm.buildingsWrong;
  else if (twice !== undefined) mistakes.buildings = pm.buildingsTwice(twice.name);
  if (values.hazardDetails.trim() !== "" && values.hazards.length === 0) mistakes.hazardDetails = pm.hazardDetailsAlone;
  if (values.installer.trim() !== "" && !/^[A-Za-z0-9-]{1,20}$/.test(values.installer.trim())) mistakes.installer = pm.installerWrong;
  return mistakes;
}
