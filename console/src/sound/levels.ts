/** How loud anything is at most while somebody here talks, in dB below full scale: whoever sits there says so by ear. */
export const CALL_LEVELS_DB: readonly number[] = [-38, -34, -30, -26, -22, -18];
export const CALL_LEVEL_DB = -26;
