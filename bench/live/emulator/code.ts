import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { zipSync } from 'fflate'
import type { Template } from '../../virtual-aws/deploy.ts'
import type { LiveClients } from '../target.ts'
import { emulatorAccount } from './emulator.ts'

/** Where a function's code lies. */
interface Place {
  readonly bucket: string
  readonly key: string
}

/** Puts the bundles as one zip at each place that a function of the template names, as `cdk deploy` does with an asset. */
export const uploadCode = async (
  { s3 }: Pick<LiveClients, 's3'>,
  template: Template,
  codeFolder: string,
): Promise<void> => {
  const places = placesOf(template, await s3.config.region())
  if (places.length === 0) throw new Error('The template has no function that names the place of its code.')
  const files = readdirSync(codeFolder).filter((name) => name.endsWith('.js'))
  if (files.length === 0) throw new Error(`Folder ${codeFolder} holds no bundle (*.js).`)
  const body = zipSync(Object.fromEntries(files.map((name) => [name, readFileSync(join(codeFolder, name))])))
  for (const place of places) await upload(s3, place, body)
}

/** Puts a template where CloudFormation reads it; one of more than 51,200 bytes cannot be sent along. */
export const uploadTemplate = async (
  { s3 }: Pick<LiveClients, 's3'>,
  stackName: string,
  template: Template,
): Promise<string> => {
  const place = { bucket: `cdk-templates-${emulatorAccount}`, key: `${stackName}.json` }
  await upload(s3, place, JSON.stringify(template))
  return `https://s3.amazonaws.com/${place.bucket}/${place.key}`
}

const upload = async (s3: S3Client, { bucket, key }: Place, body: Uint8Array | string): Promise<void> => {
  // One's own bucket may be made again: in us-east-1 that is no error.
  await s3.send(new CreateBucketCommand({ Bucket: bucket }))
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
}

const placesOf = (template: Template, region: string): readonly Place[] => {
  const places = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => (Properties as { readonly Code: Record<'S3Bucket' | 'S3Key', unknown> }).Code)
    .map(({ S3Bucket, S3Key }) => ({ bucket: resolved(S3Bucket, region), key: resolved(S3Key, region) }))
  return [...new Map(places.map((place) => [`${place.bucket}/${place.key}`, place])).values()]
}

/** CDK names its bucket after the account and the region. */
const resolved = (value: unknown, region: string): string => {
  const text = value !== null && typeof value === 'object' && 'Fn::Sub' in value ? value['Fn::Sub'] : value
  if (typeof text !== 'string')
    throw new Error(`The place of a function's code is no text: ${JSON.stringify(value)}`)
  const known: Readonly<Record<string, string>> = { AccountId: emulatorAccount, Region: region }
  return text.replaceAll(/\$\{AWS::(\w+)\}/g, (whole, name: string) => known[name] ?? whole)
}
