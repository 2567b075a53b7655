/** What the values of a parameter are to the files and hosts that a cmdlet uses. `moved`: read, then gone from there. */
export type Role = 'read' | 'write' | 'delete' | 'moved' | 'folder' | 'host' | 'none';

export interface Parameter {
  readonly name: string;
  readonly isSwitch: boolean;
  readonly role: Role;
  /** Whether `*` and `?` in it stand for names of files. */
  readonly globs: boolean;
  readonly position?: number;
}

// `Name`: a switch. `Name=`: has a value. `@0`: its position. `:role`; `!`: taken literally.
const files = 'Filter= Include= Exclude= Force Credential= Encoding= Stream=';
const specs: Readonly<Record<string, string>> = {
  'Remove-Item': `Path=@0:delete LiteralPath=:delete! Recurse ${files}`,
  'Clear-Content': `Path=@0:delete LiteralPath=:delete! ${files}`,
  'Clear-Item': `Path=@0:delete LiteralPath=:delete! ${files}`,
  'Move-Item': `Path=@0:moved LiteralPath=:moved! Destination=@1:write! PassThru ${files}`,
  'Rename-Item': `Path=@0:moved LiteralPath=:moved! NewName=@1:write! PassThru Force Credential=`,
  'Copy-Item': `Path=@0:read LiteralPath=:read! Destination=@1:write! Container Recurse PassThru FromSession= ToSession= ${files}`,
  'Get-Content': `Path=@0:read LiteralPath=:read! TotalCount= First= Head= Tail= Last= ReadCount= Raw Wait Delimiter= AsByteStream ${files}`,
  'Set-Content': `Path=@0:write LiteralPath=:write! Value=@1 NoNewline PassThru AsByteStream ${files}`,
  'Add-Content': `Path=@0:write LiteralPath=:write! Value=@1 NoNewline PassThru AsByteStream ${files}`,
  'Out-File': 'FilePath=@0:write! LiteralPath=:write! Encoding=@1 Append Force NoClobber Width= NoNewline InputObject=',
  'Tee-Object': 'FilePath=@0:write! LiteralPath=:write! Append Variable= InputObject= Encoding=',
  'New-Item': 'Path=@0:write! Name= ItemType=:none Type= Value= Target= Force Credential=',
  'Set-Item': `Path=@0:write LiteralPath=:write! Value=@1 PassThru ${files}`,
  'Get-ChildItem': `Path=@0:read LiteralPath=:read! Filter=@1 Include= Exclude= Recurse Depth= Force Name Attributes= FollowSymlink Directory File Hidden ReadOnly System`,
  'Get-Item': `Path=@0:read LiteralPath=:read! ${files}`,
  'Get-ItemProperty': `Path=@0:read LiteralPath=:read! Name=@1 ${files}`,
  'Set-ItemProperty': `Path=@0:write LiteralPath=:write! Name=@1 Value=@2 InputObject= Type= PassThru ${files}`,
  'New-ItemProperty': `Path=@0:write LiteralPath=:write! Name= Value= PropertyType= Type= ${files}`,
  'Remove-ItemProperty': `Path=@0:write LiteralPath=:write! Name=@1 ${files}`,
  'Test-Path': `Path=@0:read LiteralPath=:read! PathType= Type= IsValid OlderThan= NewerThan= ${files}`,
  'Resolve-Path': 'Path=@0:read LiteralPath=:read! Relative RelativeBasePath= Force Credential=',
  'Get-FileHash': 'Path=@0:read LiteralPath=:read! Algorithm= InputStream=',
  'Select-String':
    'Pattern=@0 Path=@1:read LiteralPath=:read! SimpleMatch CaseSensitive Quiet List NoEmphasis Include= Exclude= NotMatch AllMatches Encoding= Context= Raw Culture= InputObject=',
  'Set-Location': 'Path=@0:folder! LiteralPath=:folder! PassThru StackName=',
  'Push-Location': 'Path=@0:folder! LiteralPath=:folder! PassThru StackName=',
  'Import-Csv': 'Path=@0:read LiteralPath=:read! Delimiter=@1 UseCulture Header= Encoding=',
  'Export-Csv':
    'Path=@0:write! LiteralPath=:write! Delimiter=@1 InputObject= Force NoClobber Encoding= Append UseCulture IncludeTypeInformation NoTypeInformation QuoteFields= UseQuotes= NoHeader',
  'Export-Clixml': 'Path=@0:write! LiteralPath=:write! Depth= InputObject= Force NoClobber Encoding=',
  'Import-Clixml': 'Path=@0:read LiteralPath=:read! IncludeTotalCount Skip= First=',
  'Expand-Archive': 'Path=@0:read! LiteralPath=:read! DestinationPath=@1:write! Force PassThru',
  'Compress-Archive': 'Path=@0:read LiteralPath=:read! DestinationPath=@1:write! CompressionLevel= Update Force PassThru',
  'Unblock-File': 'Path=@0:write LiteralPath=:write!',
  'Set-Acl': `Path=@0:write LiteralPath=:write! AclObject=@1 PassThru ${files}`,
  'Invoke-WebRequest': web(),
  'Invoke-RestMethod': `${web()} FollowRelLink MaximumFollowRelLink= ResponseHeadersVariable= StatusCodeVariable=`,
  'Start-BitsTransfer': 'Source=@0:host Destination=@1:write! Asynchronous Credential= Description= DisplayName= Priority= TransferType=',
  'Invoke-Expression': 'Command=@0',
  'Start-Process':
    'FilePath=@0 ArgumentList=@1 Args= Credential= WorkingDirectory= LoadUserProfile NoNewWindow PassThru RedirectStandardError=:write! RedirectStandardInput=:read! RedirectStandardOutput=:write! Verb= WindowStyle= Wait UseNewEnvironment Environment=',
};

function web(): string {
  return 'Uri=@0:host Method= Body= ContentType= Headers= OutFile=:write! InFile=:read! PassThru UseBasicParsing UserAgent= Credential= UseDefaultCredentials SessionVariable= WebSession= TimeoutSec= MaximumRedirection= Proxy= ProxyCredential= CertificateThumbprint= Certificate= SkipCertificateCheck SkipHttpErrorCheck SkipHeaderValidation Form= Resume CustomMethod= Authentication= Token= AllowUnencryptedAuthentication DisableKeepAlive MaximumRetryCount= RetryIntervalSec= SslProtocol= TransferEncoding= NoProxy HttpVersion= PreserveAuthorizationOnRedirect ConnectionTimeoutSeconds= OperationTimeoutSeconds=';
}

const roles: readonly Role[] = ['read', 'write', 'delete', 'moved', 'folder', 'host', 'none'];

/** Parameters that every cmdlet has. */
const common =
  'Verbose Debug WhatIf Confirm ErrorAction= WarningAction= InformationAction= ProgressAction= ErrorVariable= WarningVariable= InformationVariable= OutVariable= OutBuffer= PipelineVariable=';
const short: Readonly<Record<string, string>> = {
  ea: 'ErrorAction',
  wa: 'WarningAction',
  infa: 'InformationAction',
  ev: 'ErrorVariable',
  wv: 'WarningVariable',
  ov: 'OutVariable',
  ob: 'OutBuffer',
  pv: 'PipelineVariable',
  vb: 'Verbose',
  db: 'Debug',
  wi: 'WhatIf',
  cf: 'Confirm',
  pspath: 'LiteralPath',
  lp: 'LiteralPath',
  ad: 'Directory',
  af: 'File',
  s: 'Recurse',
};

/** The parameters of a cmdlet that is known, by its name in lower case, with the ones that all have. */
export function parametersOf(cmdlet: string): readonly Parameter[] | undefined {
  return table.get(cmdlet);
}

function parameter(text: string): Parameter {
  const [, name = '', value, position, role] = /^(\w+)(=)?(?:@(\d))?(?::(\w+))?/.exec(text) ?? [];
  const known = roles.find((one) => one === role) ?? 'none';
  return {
    name,
    isSwitch: value === undefined,
    role: known,
    globs: !text.endsWith('!'),
    ...(position === undefined ? {} : { position: Number(position) }),
  };
}

/** Parameters that a provider adds: an abbreviation means one of the cmdlet's own first. */
const wholeOnly: ReadonlySet<string> = new Set(['ReadOnly', 'Hidden', 'System', 'File', 'Directory', 'Attributes']);

/** The parameter that an abbreviation means: the one of that name, else the only one that begins so. */
export function findParameter(parameters: readonly Parameter[], written: string): Parameter | undefined {
  const name = written.replace(/^-/, '').toLowerCase();
  const exact = parameters.find((one) => one.name.toLowerCase() === name || (Object.hasOwn(short, name) && one.name === short[name]));
  if (exact !== undefined) return exact;
  const found = parameters.filter((one) => one.name.toLowerCase().startsWith(name) && !wholeOnly.has(one.name));
  return found.length === 1 ? found[0] : undefined;
}

const table: ReadonlyMap<string, readonly Parameter[]> = new Map(
  Object.entries(specs).map(([name, spec]) => [name.toLowerCase(), `${spec} ${common}`.split(' ').map(parameter)]),
);

/** The usual way to write the name of a cmdlet, by its name in lower case. */
const canonical: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...Object.keys(specs),
    ...`Start-Job Invoke-Command Set-Alias New-Alias Import-Alias Add-Type Import-Module ForEach-Object Where-Object Stop-Process Restart-Computer
    Stop-Computer Format-Volume Clear-Disk Initialize-Disk Remove-Partition Set-ExecutionPolicy Register-ScheduledTask Set-MpPreference
    Add-MpPreference New-Service Set-Service Stop-Service Remove-Service New-LocalUser Remove-Computer Clear-EventLog Clear-RecycleBin`.split(
      /\s+/,
    ),
  ].map((name) => [name.toLowerCase(), name]),
);

/** Names do not depend on case; patterns do. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase();
  if (Object.hasOwn(canonical, lower)) return canonical[lower] ?? name;
  return name === lower ? name.replaceAll(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase()) : name;
}

/** Cmdlets whose words are no files. */
const wordless: ReadonlySet<string> = new Set(
  `Write-Output Write-Host Write-Error Write-Warning Write-Verbose Write-Debug Out-Null Out-String Out-Host Where-Object ForEach-Object
  Select-Object Sort-Object Group-Object Measure-Object Format-Table Format-List ConvertFrom-Json ConvertTo-Json Get-Process Get-Service
  Get-Date Get-Command Get-Help Get-Member Start-Sleep Get-Variable Set-Variable`.split(/\s+/),
);

/** Whether the files that a cmdlet uses are all known by its parameters, so that its other words name none. */
export function namesItsFiles(cmdlet: string): boolean {
  return wordless.has(cmdlet) || Object.hasOwn(specs, cmdlet);
}
