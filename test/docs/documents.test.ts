import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesOf, textOf } from '../support/documents.ts'

const ROOT = join(import.meta.dirname, '../..')
const LINES_OF_A_DECISION_MAX = 50
const pages = filesOf('.md')

/** The anchors that GitHub gives to headings. */
function anchorsOf(page: string): Set<string> {
  const headings = textOf(page)
    .replaceAll(/^```[^]*?^```/gm, '')
    .matchAll(/^#+ (.+)$/gm)
  return new Set(
    [...headings].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

describe('the documents', () => {
  test.each(pages)('%s links to files and headings that exist', (page) => {
    const targets = [...textOf(page).matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)].map(
      ([, link, image]) => (link ?? image)!,
    )
    const broken = targets
      .filter((target) => !/^(https?|mailto):/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#')
        const path = file === '' ? page : join(dirname(page), file)
        if (!existsSync(join(ROOT, path))) return true
        return anchor !== undefined && path.endsWith('.md') && !anchorsOf(path).has(anchor)
      })
    expect(broken).toEqual([])
  })

  test.each(pages)('%s names files that exist', (page) => {
    const named = textOf(page).matchAll(/`((?:[a-z-]+\/)+[\w.-]+\.(?:ts|sql|yaml))`/g)
    const files = [...named].map(([, file]) => file!)
    // In the folder of the page, or from the project's root.
    const places = (file: string) => [join(ROOT, file), join(ROOT, dirname(page), file)]
    expect(files.filter((file) => !places(file).some((place) => existsSync(place)))).toEqual([])
  })

  test('are all in the index', () => {
    const index = textOf('docs/README.md')
    const names = filesOf('.md', 'docs').map((path) => path.replace(/^docs\//, ''))
    expect(names.filter((name) => name !== 'README.md' && !index.includes(`(${name})`))).toEqual([])
  })

  test(`of decisions have at most ${LINES_OF_A_DECISION_MAX} lines`, () => {
    const names = readdirSync(join(ROOT, 'docs/decisions'))
    expect(
      names.filter(
        (name) =>
          textOf(`docs/decisions/${name}`).trimEnd().split('\n').length > LINES_OF_A_DECISION_MAX,
      ),
    ).toEqual([])
  })
})
