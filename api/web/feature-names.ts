import type { Repositories } from '../../domain/repositories.ts'

/** Reads the features' names. @returns a function from a feature's code to its name, or to the code of an unknown one. */
export async function readFeatureNames({
  catalogue,
}: Pick<Repositories, 'catalogue'>): Promise<(code: string) => string> {
  const features = await catalogue.listFeatures()
  const names = new Map(features.map(({ code, name }) => [code, name]))
  return (code) => names.get(code) ?? code
}
