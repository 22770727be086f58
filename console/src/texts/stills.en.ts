/** Texts of stills. What a picture shows is never described: nobody knows it but who looks. */

import type { StillItem, StillLift } from "../api/stills";

export const stills = {
  title: "Pictures",
  masked: "MASKED",
  unmasked: "UNMASKED",
  alt: (number: string, time: string) => `Masked picture ${number}, ${time}`,
  clearAlt: (number: string, time: string) => `Picture ${number} without its mask, ${time}`,
  of: (number: number, incident: number) => `${number} of #${incident}`,
  source: { duty: "from somebody on duty", mail: "from a machine's mail, masked whole" } satisfies Record<StillItem["source"], string>,
  box: "Clear inside the frame that its sender drew",
  until: (time: string) => `Erased ${time}.`,
  erased: (time: string) => `This picture was erased ${time}.`,
  failed: "This picture could not be loaded. It is not shown.",
  left: (count: number) => (count === 0 ? "No more pictures: an incident takes six." : `${count} more can be sent.`),
  lift: "Lift mask…",
  askSupervisor: "Masked. Where more must be seen, ask a supervisor.",
  closed: "Masked: the incident is closed.",
  liftTitle: (number: string, incident: number) => `Lift the mask of picture ${number}, #${incident}`,
  liftWhy: "What must the picture tell you?",
  liftChoose: "Say what it must tell you.",
  liftWords: "On this screen only. It ends 60 s after your last key or click, after 5 min at most. Your name goes into the journal.",
  liftNow: "Lift",
  reasons: {
    in_danger: "Is somebody in danger?",
    where_is_it: "Where is it?",
    which_door: "Which door?",
    way_in: "How do crews get in?",
  } satisfies Record<StillLift, string>,
  seconds: (left: number) => `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`,
  soon: (left: number) => `masks in ${left} s`,
  maskNow: "Mask now",
  maskKey: "Esc",
};
