using System.CommandLine;
using PartnerPortal.Cli;
using PartnerPortal.Cli.Access;
using PartnerPortal.Cli.Audit;
using PartnerPortal.Cli.Metrics;
using PartnerPortal.Cli.Running;
using PartnerPortal.Cli.Storage;

// Exit codes: 0 good, 1 bad news, 2 could not run.
var root = new RootCommand("PartnerPortal's command line. It reads the same settings from the environment as the portal.")
{
    VersionCommand.Make(),
    DoctorCommand.Make(),
    BackupCommand.Make(),
    RestoreCommand.Make(),
    TokenCommand.Make(),
    AuditCommand.Make(),
    OnsetCommand.Make(),
    MetricsCommand.Make(),
};
return await CommandRun.InvokeAsync(root, args);
