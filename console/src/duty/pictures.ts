/** A picture that goes with a report: small enough for a phone's line, and with the box that stays clear. */

import type { Report } from "./reports";

/** Parts of a thousand of the picture's width and height, from its upper left. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Picture {
  /** Made here, once: however often it is sent, it is one picture. */
  id: string;
  report: string;
  box: Box;
  blob: Blob;
}

export const FULL = 1000;
/** The centre takes no smaller box. */
export const LEAST = 20;
const SIDE_PX = 1920;
const QUALITY = 0.85;

/** Kinds of hazard whose pictures are of a thing; of all others the centre takes none. */
const TAKEN: ReadonlySet<string> = new Set(["fire", "explosion", "hazmat", "flood_weather", "collision", "rescue", "utility", "technical"]);
export const takesPictures = (hazard: string | undefined): boolean => hazard !== undefined && TAKEN.has(hazard);

/** Whether one may be added: its incident is open as far as this phone knows. */
export const mayAdd = (report: Report): boolean =>
  takesPictures(report.hazard) && !report.isSilent && (report.standing === "waiting" || (report.standing === "received" && report.receipt?.closed_at === null)) && report.pictures !== "full";

const inside = (value: number, least: number, most: number): number => Math.round(Math.min(most, Math.max(least, value)));

/** The box between two corners, at least as large as the centre takes, inside the picture. */
export function between(ax: number, ay: number, bx: number, by: number): Box {
  const width = inside(Math.abs(bx - ax), LEAST, FULL);
  const height = inside(Math.abs(by - ay), LEAST, FULL);
  return { x: inside(Math.min(ax, bx), 0, FULL - width), y: inside(Math.min(ay, by), 0, FULL - height), width, height };
}

export const moved = (box: Box, dx: number, dy: number): Box => ({ ...box, x: inside(box.x + dx, 0, FULL - box.width), y: inside(box.y + dy, 0, FULL - box.height) });
export const resized = (box: Box, dx: number, dy: number): Box => ({
  ...box,
  width: inside(box.width + dx, LEAST, FULL - box.x),
  height: inside(box.height + dy, LEAST, FULL - box.y),
});

/** Drawn anew, upright, no side longer than the centre keeps: nothing of the file but pixels leaves the phone. */
export async function prepared(file: File): Promise<Blob> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    const scale = Math.min(1, SIDE_PX / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("nothing can be drawn here");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob === null ? reject(new Error("it could not be packed")) : resolve(blob)), "image/jpeg", QUALITY);
    });
  } finally {
    image.close();
  }
}
