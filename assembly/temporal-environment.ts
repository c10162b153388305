import { existsSync } from 'node:fs'
import { loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig'
import { z } from 'zod'
import type { TemporalEntrance } from '../adapters/temporal/connection.ts'

/**
 * Part of what all read: where Temporal is and how one gets in, by the names that Temporal's own tools use. A variable comes
 * before the same field of a profile.
 */
export const temporalEnvironment = {
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).optional(),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  /** On by itself where there is an API key or anything of TLS. */
  TEMPORAL_TLS: z.enum(['true', 'false', '1', '0']).optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: z.string().optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: z.string().optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: z.string().optional(),
  TEMPORAL_TLS_CLIENT_CERT_DATA: z.string().optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: z.string().optional(),
  TEMPORAL_TLS_CLIENT_KEY_DATA: z.string().optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().optional(),
  /** A file of profiles (TOML), and which of them. */
  TEMPORAL_CONFIG_FILE: z.string().optional(),
  TEMPORAL_PROFILE: z.string().optional(),
}

const DEFAULTS = { address: 'localhost:7233', namespace: 'default' } as const

const isSet = (value: string | undefined): value is string => value !== undefined && value !== ''

type TemporalEnvironment = z.infer<z.ZodObject<typeof temporalEnvironment>>

function profileOf(environment: TemporalEnvironment) {
  const known = Object.keys(temporalEnvironment).flatMap((name) => {
    const value = Object.entries(environment).find(([each]) => each === name)?.[1]
    return isSet(value) ? [[name, value]] : []
  })
  return loadClientConfigProfile({
    overrideEnvVars: Object.fromEntries(known),
    // Only one that was named: where somebody's own tools lead by themselves is not where this is to work.
    disableFile: !isSet(environment.TEMPORAL_CONFIG_FILE),
    configFileStrict: true,
  })
}

/** What is wrong with the way to Temporal, a line each; `inProduction` wants more of it. */
export function problemsOfTemporal(
  environment: NodeJS.ProcessEnv,
  inProduction: boolean,
): string[] {
  const named = (['SERVER_CA_CERT', 'CLIENT_CERT', 'CLIENT_KEY'] as const).map((part) => {
    const variable = `TEMPORAL_TLS_${part}`
    const path = environment[`${variable}_PATH`]
    return { variable, path, data: environment[`${variable}_DATA`] }
  })
  const files = [
    ...named.map(({ variable, path }) => ({ variable: `${variable}_PATH`, path })),
    {
      variable: 'TEMPORAL_CONFIG_FILE',
      path: environment['TEMPORAL_CONFIG_FILE'],
    },
  ]
  const problems = [
    ...files
      .filter(({ path }) => isSet(path) && !existsSync(path))
      .map(({ variable, path }) => `${variable}: there is no file ${path}`),
    ...named
      .filter(({ path, data }) => isSet(path) && isSet(data))
      .map(({ variable }) => `${variable}_PATH: is set, and so is ${variable}_DATA: leave one out`),
    ...(isSet(environment['TEMPORAL_PROFILE']) && !isSet(environment['TEMPORAL_CONFIG_FILE'])
      ? ['TEMPORAL_PROFILE: needs TEMPORAL_CONFIG_FILE, the file that it is in']
      : []),
    ...(isSet(environment['TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'])
      ? [
          'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: who answers is always verified; give its authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH',
        ]
      : []),
  ]
  return problems.length > 0 ? problems : problemsOfProfile(environment, inProduction)
}

/** What is wrong with what variables and profile come to together. */
function problemsOfProfile(environment: NodeJS.ProcessEnv, inProduction: boolean): string[] {
  try {
    const profile = profileOf(environment)
    const { tls } = toClientOptions(profile).connectionOptions
    const { clientCert, clientKey } = profile.tls ?? {}
    return [
      ...((clientCert === undefined) === (clientKey === undefined)
        ? []
        : [
            'TEMPORAL_TLS_CLIENT_CERT_PATH: goes with TEMPORAL_TLS_CLIENT_KEY_PATH, and one of them is missing',
          ]),
      ...(inProduction && profile.apiKey !== undefined && tls === false
        ? ['TEMPORAL_API_KEY: would travel in plain text: take away TEMPORAL_TLS=false']
        : []),
      ...(inProduction && tls === false && clientCert !== undefined
        ? ['TEMPORAL_TLS: is off, and there is a certificate to show: take one of them away']
        : []),
    ]
  } catch (error) {
    // A file that is no TOML, a profile that is not in it, a certificate that cannot be read.
    // The further lines of a message quote the file, keys and all.
    const [words = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    const variable = isSet(environment['TEMPORAL_PROFILE'])
      ? 'TEMPORAL_PROFILE'
      : 'TEMPORAL_CONFIG_FILE'
    return [`${variable}: ${words}`]
  }
}

/** Of an environment in which nothing is wrong with it. */
export function temporalConfig(
  environment: TemporalEnvironment,
): TemporalEntrance & { readonly namespace: string } {
  const { connectionOptions, namespace } = toClientOptions(profileOf(environment))
  const { address, tls, apiKey, metadata } = connectionOptions
  return {
    address: address ?? DEFAULTS.address,
    namespace: namespace ?? DEFAULTS.namespace,
    tls: tls ?? undefined,
    apiKey,
    ...(metadata !== undefined && { metadata }),
  }
}
