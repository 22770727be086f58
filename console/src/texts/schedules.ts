/** The words of schedules, in the language of this console. */
import { schedules, type ScheduleTexts } from "./schedules.en";

export type { ScheduleTexts };
export const sc: ScheduleTexts = schedules;
