/** Enough for an operator to recognise the error. */
const ERROR_MAX_CHARACTERS = 500

/** An error message, cut to the length that is stored beside the row that failed. */
export const errorText = (message: string): string => message.slice(0, ERROR_MAX_CHARACTERS)
