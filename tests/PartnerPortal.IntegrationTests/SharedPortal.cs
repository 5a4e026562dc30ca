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

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await App.DisposeAsync();
        await Database.DisposeAsync();
    }
}
