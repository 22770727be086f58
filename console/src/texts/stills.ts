/** The words of stills, in the language of this console. */
export { stills as st } from "./stills.en";
