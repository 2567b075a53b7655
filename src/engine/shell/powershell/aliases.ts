import { canonicalName } from './cmdlets.ts';

// The aliases of PowerShell 7 and Windows PowerShell 5.1 (Get-Alias), those that run something worth telling apart.
const aliases: Readonly<Record<string, string>> = Object.fromEntries(
  `Remove-Item:rm,del,ri,rd,erase,rmdir Get-Content:gc,cat,type Set-Content:sc Add-Content:ac Clear-Content:clc Clear-Item:cli
  Copy-Item:cp,copy,cpi Move-Item:mv,move,mi Rename-Item:rni,ren New-Item:ni Set-Item:si Get-Item:gi Get-ItemProperty:gp
  Set-ItemProperty:sp Remove-ItemProperty:rp Get-ChildItem:ls,dir,gci Set-Location:cd,chdir,sl Push-Location:pushd Pop-Location:popd
  Get-Location:pwd,gl Invoke-WebRequest:iwr,curl,wget Invoke-RestMethod:irm Invoke-Expression:iex Invoke-Command:icm Invoke-Item:ii
  Invoke-History:ihy,r Start-Process:start,saps Stop-Process:kill,spps Start-Job:sajb Start-Service:sasv Stop-Service:spsv
  Start-Sleep:sleep Where-Object:?,where ForEach-Object:%,foreach Select-Object:select Sort-Object:sort Group-Object:group
  Measure-Object:measure Select-String:sls Tee-Object:tee Write-Output:echo,write Out-Host:oh Out-Printer:lp Format-Table:ft
  Format-List:fl Format-Wide:fw Format-Custom:fc Get-Process:ps,gps Get-Service:gsv Get-Command:gcm Get-Help:help,man Get-Member:gm
  Get-Variable:gv Set-Variable:sv,set New-Variable:nv Remove-Variable:rv Clear-Variable:clv Get-Alias:gal Set-Alias:sal New-Alias:nal
  Import-Alias:ipal Export-Alias:epal Import-Module:ipmo Get-Module:gmo Remove-Module:rmo Import-Csv:ipcsv Export-Csv:epcsv
  Resolve-Path:rvpa Convert-Path:cvpa Split-Path:spl Compare-Object:diff,compare Clear-Host:clear,cls Get-History:history,h,ghy
  Get-Unique:gu Get-WmiObject:gwmi Invoke-WmiMethod:iwmi Set-WmiInstance:swmi Remove-WmiObject:rwmi Enter-PSSession:etsn
  New-PSSession:nsn New-PSDrive:ndr,mount Get-PSDrive:gdr Remove-PSDrive:rdr Set-Clipboard:scb Get-Clipboard:gcb`
    .split(/\s+/)
    .flatMap((entry) => {
      const [cmdlet = '', names = ''] = entry.split(':');
      return names.split(',').map((name) => [name, cmdlet]);
    }),
);

// Where a program of that name is what runs: on other systems than Windows, or since version 7.
const programsOutsideOfWindows: ReadonlySet<string> = new Set(
  'rm rmdir cat cp mv ls man mount ps sort sleep tee diff clear kill compare start'.split(' '),
);
const programsSinceSeven: ReadonlySet<string> = new Set(['curl', 'wget', 'sc']);

export interface Meaning {
  readonly cmdlet?: string;
  /** Whether it may be a program of that name. */
  readonly isProgram: boolean;
}

/** What a name runs. Both where that depends on the version. `onWindows`: whether the call is made there. */
export function meaningOf(written: string, onWindows: boolean): Meaning {
  const name = written.replaceAll(/[–—―]/g, '-').replace(/^[A-Za-z][\w.]*\\(?=[A-Za-z]+-[A-Za-z]+$)/, '');
  const lower = name.toLowerCase();
  const cmdlet = Object.hasOwn(aliases, lower) ? aliases[lower] : undefined;
  if (cmdlet !== undefined)
    return { cmdlet, isProgram: programsSinceSeven.has(lower) || (!onWindows && programsOutsideOfWindows.has(lower)) };
  return isCmdletName(name) ? { cmdlet: canonicalName(name), isProgram: false } : { isProgram: true };
}

function isCmdletName(name: string): boolean {
  return /^[A-Za-z]+-[A-Za-z]\w*$/.test(name) && isApprovedVerb(name.toLowerCase());
}

const verbs: ReadonlySet<string> = new Set(
  `add approve assert backup block build checkpoint clear close compare complete compress confirm connect convert convertfrom convertto copy
  debug deny deploy disable disconnect dismount edit enable enter exit expand export find foreach format get grant group hide import
  initialize install invoke join limit lock measure merge mount move new open optimize out ping pop protect publish push read receive redo
  register remove rename repair request reset resize resolve restart restore resume revoke save search select send set show skip sort
  split start step stop submit suspend switch sync tee test trace unblock undo uninstall unlock unprotect unpublish unregister update use
  wait watch where write`.split(/\s+/),
);

function isApprovedVerb(name: string): boolean {
  return verbs.has(name.slice(0, name.indexOf('-')));
}
