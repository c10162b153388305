/** The API version that the pinned SDK uses. A test compares them. */
export const API_VERSION = '2026-10-28.endive'
