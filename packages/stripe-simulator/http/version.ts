/** What the simulator speaks: the version that the pinned SDK pins. A test compares them. */
export const API_VERSION = '2026-10-28.endive'
