using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PartnerPortal.Benchmarks.Running;

/// <summary>A portal that the benchmark starts for itself on a given database, and stops again.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    /// <summary>Its administrator's token.</summary>
    public const string Token = "ppk_benchmark0benchmark0benchmark0benchmark0";
    private readonly Process _process;

    private PortalProcess(Process process, Uri address)
    {
        _process = process;
        // Read, so that a full pipe never stops it.
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client = PortalClient.At(address, Token);
    }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>Speaks to it as its administrator.</summary>
    public PortalClient Client { get; }

    /// <summary>Starts the portal that was built with this benchmark and waits until it answers.</summary>
    /// <exception cref="CannotRun">It is not built, or does not get ready.</exception>
    public static async Task<PortalProcess> StartAsync(string connectionString, string folder, string allowed, CancellationToken cancel, params (string Name, string Value)[] settings)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(own.Parent!.Parent!.FullName, "PartnerPortal.Web", own.Name, "PartnerPortal.Web.dll");
        if (!File.Exists(program))
            throw new CannotRun($"The portal is not built like this benchmark: dotnet build -c Release src/PartnerPortal.Web ({program} is missing)");
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
        var start = new ProcessStartInfo("dotnet", [program, "--urls", address.ToString()]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        start.Environment["ConnectionStrings__Portal"] = connectionString;
        start.Environment["Portal__DataDirectory"] = folder;
        start.Environment["Portal__Admin__Email"] = "benchmark@example.com";
        start.Environment["Portal__Admin__Password"] = "Benchmark-1-benchmark";
        start.Environment["Portal__Admin__ApiToken"] = Token;
        start.Environment["Portal__Outbound__Allowed"] = allowed;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var portal = new PortalProcess(Process.Start(start)!, address);
        for (var tries = 0; !await portal.Client.IsReadyAsync(cancel); tries++)
        {
            if (tries > 600 || portal._process.HasExited)
            {
                await portal.DisposeAsync();
                throw new CannotRun("The portal did not get ready.");
            }

            await Task.Delay(100, cancel);
        }

        return portal;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (!_process.HasExited)
        {
            using var end = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await end.WaitForExitAsync(CancellationToken.None);
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
