using PartnerPortal.Data.Incidents;
using PartnerPortal.TestKit;

namespace PartnerPortal.Tests;

/// <summary>One portal with a database of its own for all tests of a class; starting one costs a second. Use it as a class fixture.</summary>
public class SharedPortal(TestServer server) : IAsyncLifetime
{
    /// <summary>The database, and the clock that tests move.</summary>
    public TestDatabase Database { get; } = new(server);

    /// <summary>The running portal.</summary>
    public PortalApp App { get; protected set; } = null!;

    /// <summary>Settings of this portal.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        App = new PortalApp(Database, settings: Settings);
    }

    /// <summary>Every alert reaches its incident, done here or by the portal's own engine, which runs beside the test.</summary>
    public async Task SettleAsync(CancellationToken cancel)
    {
        while (await Database.AskAsync<bool>("SELECT EXISTS (SELECT FROM incidents.alerts WHERE NOT settled AND held_until IS NULL)"))
        {
            if (await Database.Get<IncidentOpenStore>().SettleAsync(50, cancel) == 0)
            {
                // The engine has them: its transaction is waited for.
                await Database.RunAsync("SELECT FROM incidents.alerts WHERE NOT settled AND held_until IS NULL FOR UPDATE");
            }
        }
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await App.DisposeAsync();
        await Database.DisposeAsync();
    }
}
