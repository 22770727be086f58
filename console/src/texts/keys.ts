/** Texts of the list of keys. */
export { keyTexts } from "./keys.en";
