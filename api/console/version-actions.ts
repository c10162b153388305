import type { CatalogueVersion } from '../../domain/catalogue/catalogue.ts'
import type { Call } from './perform.ts'

type Action = {
  readonly call: (version: Pick<CatalogueVersion, 'slug' | 'version'>) => Call
  /** Shown when the API accepted the call. */
  readonly done: string
  readonly needsConfirmation: boolean
}

const pathOf = ({ slug, version }: Pick<CatalogueVersion, 'slug' | 'version'>, path = '') =>
  `/admin/plans/${slug}/versions/${version}${path}`

/** The actions on one version of a plan. Each one is an API call. */
export const VERSION_ACTIONS = {
  publish: {
    call: (version) => ({
      method: 'PUT',
      path: pathOf(version, '/publication'),
      body: { on_sale: true },
    }),
    done: 'The version is published and on sale. Existing customers keep their version.',
    needsConfirmation: true,
  },
  sell: {
    call: (version) => ({ method: 'PUT', path: pathOf(version, '/sale') }),
    done: 'The version is on sale.',
    needsConfirmation: true,
  },
  retire: {
    call: (version) => ({ method: 'PUT', path: pathOf(version, '/retirement') }),
    done: 'The version is retired. Its customers keep it.',
    needsConfirmation: true,
  },
  delete: {
    call: (version) => ({ method: 'DELETE', path: pathOf(version) }),
    done: 'The draft is deleted.',
    needsConfirmation: true,
  },
} as const satisfies Record<string, Action>

export type VersionAction = keyof typeof VERSION_ACTIONS

/** Whether the last part of an address names an action. */
export const isVersionAction = (name: string): name is VersionAction =>
  Object.hasOwn(VERSION_ACTIONS, name)
