import { connectionOf } from './connection.ts'
import {
  AccountProfile,
  ApiKey,
  Bookmark,
  CuratedSet,
  CuratedSetSuggestion,
  MeasurementSet,
  Pattern,
} from './refs.ts'

export const AccountProfileConnection = connectionOf('AccountProfile', AccountProfile)
export const ApiKeyConnection = connectionOf('ApiKey', ApiKey)
export const BookmarkConnection = connectionOf('Bookmark', Bookmark)
export const CuratedSetConnection = connectionOf('CuratedSet', CuratedSet)
export const CuratedSetSuggestionConnection = connectionOf(
  'CuratedSetSuggestion',
  CuratedSetSuggestion,
)
export const MeasurementSetConnection = connectionOf('MeasurementSet', MeasurementSet)
export const PatternConnection = connectionOf('Pattern', Pattern)
