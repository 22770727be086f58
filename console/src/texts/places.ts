/** The words of the page of imported places, in the language of this page. */
export { places_ as g } from "./places.en";
