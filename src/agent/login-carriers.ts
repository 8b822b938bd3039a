/** The data types of the SoPrincipal service, where tickets come from, as the Services88 WSDL has them. */
import {
  base64,
  boolean,
  carrier,
  dateTime,
  dictionary,
  enumeration,
  int32,
  list,
  plainCarrier,
  string,
} from './wire-types.ts';

export const LicenseType = enumeration('LicenseType', {
  Unknown: 0,
  SiteLicense: 1,
  SatelliteLicense: 2,
  UserLicense: 3,
});

export const UserType = enumeration('UserType', {
  Unknown: 0,
  InternalAssociate: 1,
  ResourceAssociate: 2,
  ExternalAssociate: 3,
  AnonymousAssociate: 4,
  SystemAssociate: 5,
});

export const NetServerBuildType = enumeration('NetServerBuildType', {
  Feature: 0,
  Stable: 1,
  Alpha: 2,
  Beta: 3,
  ReleaseCandidate: 4,
  Release: 5,
});

export const RoleType = enumeration('RoleType', { Employee: 0, ExternalUser: 1, Anonymous: 2, System: 3 });

export const EjUserStatus = enumeration('EjUserStatus', {
  StatusNone: 0,
  StatusNormal: 1,
  StatusNotAvailable: 2,
  StatusDeleted: 3,
  StatusReadOnly: 4,
  StatusSpm: 5,
  StatusSystem: 127,
});

export const ProvidedCredential = plainCarrier('ProvidedCredential', {
  Type: string,
  SearchName: string,
  DisplayName: string,
  CredentialId: int32,
});

export const GrantedModuleLicense = carrier('GrantedModuleLicense', {
  OwnerId: int32,
  OwnerName: string,
  OwnerDescription: string,
  ModuleId: int32,
  Name: string,
  Description: string,
  Version: string,
  LicenseType: LicenseType,
  ExtraFlags: int32,
  SortOrder: int32,
  LicenseNumber: int32,
  IsHidden: boolean,
  IsUnrestricted: boolean,
  ExpiryDate: dateTime,
});

export const SoPrincipalCarrier = plainCarrier('SoPrincipalCarrier', {
  UserType: UserType,
  Associate: string,
  AssociateId: int32,
  IsPerson: boolean,
  PersonId: int32,
  CountryId: int32,
  HomeCountryId: int32,
  ContactId: int32,
  GroupId: int32,
  BusinessId: int32,
  CategoryId: int32,
  ContactOwner: int32,
  RoleId: int32,
  RoleName: string,
  RoleDescription: string,
  RoleType: RoleType,
  Licenses: list(GrantedModuleLicense),
  FullName: string,
  EMailAddress: string,
  FunctionRights: list(string),
  EjUserId: int32,
  EjAccessLevel: int32,
  EjUserStatus: EjUserStatus,
  ProvidedCredentials: list(ProvidedCredential),
  SecondaryGroups: list(int32),
  DatabaseContextIdentifier: string,
});

export const ModuleLicense = plainCarrier('ModuleLicense', {
  OwnerName: string,
  ModuleName: string,
  ModuleDescription: string,
  ModuleTooltip: string,
  ModuleVersion: string,
  LicenseType: LicenseType,
  Unrestricted: boolean,
  AllowedUserType: UserType,
  NumberOfLicenses: int32,
  ExtraFlags: int32,
  ExtraInfo: string,
  SortOrder: int32,
  IsHidden: boolean,
  PrerequisiteModuleName: string,
  Signature: string,
});

export const DSAParameters = plainCarrier('DSAParameters', {
  Counter: int32,
  G: base64,
  J: base64,
  P: base64,
  Q: base64,
  Seed: base64,
  Y: base64,
});

export const SignedPublicKey = plainCarrier('SignedPublicKey', {
  OwnerName: string,
  SignDate: dateTime,
  ExpiryDate: dateTime,
  Key: DSAParameters,
  Signature: string,
});

export const LicenseInfo = plainCarrier('LicenseInfo', {
  CompanyName: string,
  SerialNr: string,
  OwnerName: string,
  OwnerDescription: string,
  NextCheckDate: dateTime,
  MaintenanceDate: dateTime,
  AdminWarningDate: dateTime,
  ExpiryDate: dateTime,
  GraceDate: dateTime,
  ExtraFlags: int32,
  LicenseUrl: string,
  LicenseVersion: string,
  DeploymentType: int32,
  ProductType: string,
  ProductDescription: string,
  ModuleLicenses: list(ModuleLicense),
  PublicKey: SignedPublicKey,
  Signature: string,
});

export const SoSystemInfoCarrier = carrier('SoSystemInfoCarrier', {
  License: LicenseInfo,
  WarningEnglish: string,
  WarningResource: string,
  BranchName: string,
  BuildLabel: string,
  AssemblyVersion: string,
  AccumulatedNextCheckDate: dateTime,
  FileVersion: string,
  Description: string,
  DaysUntilNetServerExpiry: int32,
  BuildType: NetServerBuildType,
  DatabaseVersion: int32,
  IsUnicode: boolean,
  CompanyName: string,
  CompanyId: int32,
  DatabaseType: string,
  DatabaseMinor: string,
  DatabaseName: string,
  IsOnTravel: boolean,
  IsSatellite: boolean,
});

export const SoCredentials = plainCarrier('SoCredentials', {
  Ticket: string,
});

/** What all logins answer: the members stand in the response element itself. A wrong password is `AuthenticationSucceeded` false. */
export const AuthenticateResponse = plainCarrier('AuthenticateResponse', {
  Response: SoPrincipalCarrier,
  Credentials: SoCredentials,
  AuthenticationSucceeded: boolean,
});

/** Keys and values of a generic login; which keys there are is not documented. */
export const AuthenticationGenericData = dictionary(
  'AuthenticationGenericData',
  'AuthenticationGenericDataKeyValuePair',
  string,
);
