namespace PartnerPortal.Engine.Running;

/// <summary>Something the portal does when nobody looks. Idempotent: running it twice changes nothing more. A failure of one never stops another.</summary>
public interface IEngineModule
{
    /// <summary>Its name, as the settings page and the lease show it.</summary>
    string Name { get; }

    /// <summary>How long to wait between runs.</summary>
    TimeSpan Every { get; }

    /// <summary>Whether every portal runs it, without the lease that lets one portal work at a time: the module shares its work out by itself.</summary>
    bool Everywhere => false;

    /// <summary>Fetch what is due, call the Domain, save.</summary>
    Task RunAsync(CancellationToken cancel);

    /// <summary>The portal stops and runs will not come any more: finish what must be done before the leases are given back.</summary>
    Task StopAsync(CancellationToken cancel) => Task.CompletedTask;
}
