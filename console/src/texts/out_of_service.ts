/** The words of zones out of service, in the language of this console. */
import { outOfService, type OutOfServiceTexts } from "./out_of_service.en";

export type { OutOfServiceTexts };
export const oos: OutOfServiceTexts = outOfService;
