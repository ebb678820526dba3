/** One replacement in a file: `start` and `end` are offsets in UTF-16 code units of the text that was checked. */
export interface Edit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
