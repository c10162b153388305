import { readCatalogueFile } from '../../adapters/catalogue/file.ts'
import type { WantedCatalogue } from '../../domain/catalogue/catalogue.ts'

/** Reads the text of a catalogue file. @throws if it is refused */
export function wantedCatalogue(text: string): WantedCatalogue {
  const outcome = readCatalogueFile(text, [])
  if (outcome.kind === 'wrong') throw new Error(JSON.stringify(outcome.problems))
  return outcome.file
}
