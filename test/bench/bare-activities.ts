export const first = async (): Promise<string> => Promise.resolve('open')
export const second = async (): Promise<void> => Promise.resolve()
