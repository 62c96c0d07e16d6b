/** Where AWS's documentation lies; each page was read on 2026-11-25. */

const docs = 'https://docs.aws.amazon.com'

export const sqsApi = (page: string): string =>
  `${docs}/AWSSimpleQueueService/latest/APIReference/API_${page}.html`

export const sqsGuide = (page: string): string =>
  `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/${page}.html`

export const statesApi = (page: string): string =>
  `${docs}/step-functions/latest/apireference/API_${page}.html`

export const statesGuide = (page: string): string => `${docs}/step-functions/latest/dg/${page}.html`

export const eventsApi = (page: string): string => `${docs}/eventbridge/latest/APIReference/API_${page}.html`

export const eventsGuide = (page: string): string => `${docs}/eventbridge/latest/userguide/${page}.html`

export const lambdaApi = (page: string): string => `${docs}/lambda/latest/api/API_${page}.html`

export const lambdaGuide = (page: string): string => `${docs}/lambda/latest/dg/${page}.html`

export const dynamoApi = (page: string): string =>
  `${docs}/amazondynamodb/latest/APIReference/API_${page}.html`

export const dynamoGuide = (page: string): string =>
  `${docs}/amazondynamodb/latest/developerguide/${page}.html`
