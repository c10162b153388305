import { featureKey } from '../keys.ts'
import type { CatalogueAct, FeatureDefinition, Refused } from './catalogue.ts'
import type { CatalogueDraft, KnownFeature } from './draft.ts'
import { isPriced } from './shared-meters.ts'
import { refuse, saved, type Saved } from './refusal.ts'

/** An error names at most this many versions. */
const NAMED_MAX = 5

/** Creates or changes a feature. Its type is fixed once a version grants it. */
export function putFeature(
  draft: CatalogueDraft,
  feature: FeatureDefinition,
  { at, by }: CatalogueAct,
): Saved<FeatureDefinition> {
  const { code, type } = feature
  const known = draft.findFeature(code)
  const before = known && definitionOfFeature(known)
  if (
    before !== undefined &&
    JSON.stringify(before) === JSON.stringify(definitionOfFeature(feature))
  )
    return saved(before)
  if (known !== undefined && known.type !== type && known.grantedBy.length > 0)
    return refuse(
      'feature_in_use',
      `\`${code}\` is ${known.type} in ${grantersOf(known)}: define another feature.`,
    )
  const isOtherMeter = before !== undefined && meterOf(before) !== meterOf(feature)
  if (isOtherMeter && isPriced(draft.state(), code))
    return refuse(
      'feature_in_use',
      `The meter of \`${code}\` is priced by a published version: define another feature.`,
    )
  const taken = draft
    .state()
    .features.find((each) => each.code !== code && meterOf(each) === meterOf(feature))
  if (taken !== undefined && isPriced(draft.state(), taken.code))
    return refuse(
      'feature_in_use',
      `The meter \`${meterOf(feature)}\` is priced for \`${taken.code}\`: choose another \`meter_event_name\`.`,
    )
  draft.write({ do: 'put feature', id: idOfFeature(draft, code), feature })
  const kind = before === undefined ? 'feature_created' : 'feature_changed'
  draft.write({
    do: 'record',
    record: { at, by, kind, subject: code, before: before ?? null, after: feature },
  })
  return saved(feature)
}

const meterOf = ({ code, meterEventName }: FeatureDefinition): string => meterEventName ?? code

/** Deletes a feature that no version grants; does nothing when there is none. */
export function deleteFeature(
  draft: CatalogueDraft,
  code: string,
  { at, by }: CatalogueAct,
): Refused | undefined {
  const known = draft.findFeature(code)
  if (known === undefined) return undefined
  if (known.grantedBy.length > 0)
    return refuse(
      'feature_in_use',
      `\`${code}\` is granted by ${grantersOf(known)}. Remove it from drafts; published versions keep it.`,
    )
  if (known.isGivenToUsers)
    return refuse(
      'feature_in_use',
      `\`${code}\` was given to users by a grant or an override, whose history names it.`,
    )
  draft.write({ do: 'delete feature', code })
  const before = { id: idOfFeature(draft, code), ...definitionOfFeature(known) }
  draft.write({
    do: 'record',
    record: { at, by, kind: 'feature_deleted', subject: code, before, after: null },
  })
  return undefined
}

/** A feature without the facts about its use. */
export const definitionOfFeature = ({
  code,
  name,
  type,
  unit,
  meterEventName,
}: FeatureDefinition): FeatureDefinition => ({ code, name, type, unit, meterEventName })

const idOfFeature = (draft: CatalogueDraft, code: string): string => draft.idOf(featureKey(code))

/** Names the versions that grant a feature. */
const grantersOf = ({ grantedBy }: KnownFeature): string =>
  grantedBy
    .slice(0, NAMED_MAX)
    .map((name) => name.split('/'))
    .map(([slug, version]) => `\`${slug}\` version ${version}`)
    .join(', ')
