import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  NotFound,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { zipSync } from 'fflate'
import type { Template } from '../../virtual-aws/deploy.ts'
import { emulatorAccount } from './emulator.ts'

/** A file that CloudFormation reads while it makes a stack, and nobody afterwards. */
export interface Upload {
  readonly bucket: string
  readonly key: string
  readonly body: Uint8Array | string
}

/** A template as a file: one of more than 51,200 bytes cannot be sent along with a request. */
export const templateUpload = (stackName: string, template: Template): Upload => ({
  bucket: `templates-${emulatorAccount}`,
  key: `${stackName}.json`,
  body: JSON.stringify(template),
})

/** The bundles as one zip for each place that a function of the template names, as `cdk deploy` uploads an asset. */
export const codeUploads = (template: Template, region: string, codeFolder: string): readonly Upload[] => {
  const places = placesOf(template, region)
  if (places.length === 0) throw new Error('The template has no function that names the place of its code.')
  const files = readdirSync(codeFolder).filter((name) => name.endsWith('.js'))
  if (files.length === 0) throw new Error(`Folder ${codeFolder} holds no bundle (*.js).`)
  const body = zipSync(Object.fromEntries(files.map((name) => [name, readFileSync(join(codeFolder, name))])))
  return places.map((place) => ({ ...place, body }))
}

const placesOf = (template: Template, region: string): readonly Omit<Upload, 'body'>[] => {
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

/** Does work while the files are there, and takes them away again, with the buckets that were made for them. */
export const withUploads = async <Done>(
  s3: S3Client,
  uploads: readonly Upload[],
  work: () => Promise<Done>,
): Promise<Done> => {
  const made: string[] = []
  try {
    for (const { bucket, key, body } of uploads) {
      if (!(await isThere(s3, bucket))) {
        await s3.send(new CreateBucketCommand({ Bucket: bucket }))
        made.push(bucket)
      }
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
    }
    return await work()
  } finally {
    for (const { bucket, key } of uploads)
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
    for (const bucket of made) await s3.send(new DeleteBucketCommand({ Bucket: bucket }))
  }
}

const isThere = async (s3: S3Client, bucket: string): Promise<boolean> => {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }))
    return true
  } catch (error) {
    if (error instanceof NotFound) return false
    throw error
  }
}
