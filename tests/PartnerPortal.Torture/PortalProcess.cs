using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace PartnerPortal.Torture;

/// <summary>A running portal, started from its built program and spoken to over HTTP.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    public const string Token = "ppk_torture0torture0torture0torture0torture0";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();

    private PortalProcess(Process process, Uri address)
    {
        _process = process;
#pragma warning disable RS0030 // The test speaks to the portal it started, on loopback.
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(15) };
#pragma warning restore RS0030
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        _process.OutputDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HttpClient Http { get; }

    /// <summary>How long the start took until the portal said that it is ready.</summary>
    public TimeSpan StartedIn { get; private set; }

    public string Said => string.Join('\n', _said);

    public static async Task<PortalProcess> StartAsync(string dataDirectory, CancellationToken cancel, params (string Name, string Value)[] settings)
    {
        var clock = Stopwatch.StartNew();
        var portal = Launch(dataDirectory, settings);
        try
        {
            await portal.UntilReadyAsync(cancel);
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }

        portal.StartedIn = clock.Elapsed;
        return portal;
    }

    /// <summary>
    /// Starts a portal, asks it to end after a moment and waits for that. The portal hears SIGTERM and Ctrl+C alike;
    /// a test run that was itself started in the background hands on a Ctrl+C that is ignored.
    /// </summary>
    public static async Task InterruptStartAsync(string dataDirectory, TimeSpan after, CancellationToken cancel)
    {
        await using var portal = Launch(dataDirectory, []);
        await Task.Delay(after, cancel);
        await Programs.RunAsync("kill", "-TERM", portal._process.Id.ToString(CultureInfo.InvariantCulture));
        await portal._process.WaitForExitAsync(cancel).WaitAsync(Patience, cancel);
    }

    /// <summary>Starts a portal and kills it after a moment, ready or not.</summary>
    public static async Task KillStartAsync(string dataDirectory, TimeSpan after, CancellationToken cancel, params (string Name, string Value)[] settings)
    {
        await using var portal = Launch(dataDirectory, settings);
        await Task.Delay(after, cancel);
        await portal.KillAsync();
    }

    private static PortalProcess Launch(string dataDirectory, (string Name, string Value)[] settings)
    {
        // A test whose clients wait for the same portal to come back names the address.
        var address = new Uri(settings.FirstOrDefault(s => s.Name == "ASPNETCORE_URLS").Value ?? $"http://127.0.0.1:{FreePort()}");
        var info = new ProcessStartInfo("dotnet", [Repository.Program("PartnerPortal.Web"), "--urls", address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        info.Environment.Remove("ConnectionStrings__Portal");
        info.Environment["Portal__DataDirectory"] = dataDirectory;
        info.Environment["Portal__Postgres__Bundled"] = Path.Combine(Repository.Root, "node_modules");
        info.Environment["Portal__Admin__Email"] = "torture@example.com";
        info.Environment["Portal__Admin__Password"] = "Torture-1-torture";
        info.Environment["Portal__Admin__ApiToken"] = Token;
        foreach (var (name, value) in settings)
        {
            info.Environment[name] = value;
        }

        return new PortalProcess(Process.Start(info)!, address);
    }

    /// <summary>SIGKILL: nothing is written any more, no handler runs.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>What Ctrl+C and an operating system's shutdown do.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            await Programs.RunAsync("kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture));
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience, CancellationToken.None);
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }

        Http.Dispose();
        _process.Dispose();
    }

    private async Task UntilReadyAsync(CancellationToken cancel)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience;)
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(cancel); // the rest of its output
                throw new InvalidOperationException($"The portal ended with {_process.ExitCode}:\n{Said}");
            }

            try
            {
                using var answer = await Http.GetAsync(new Uri("/readyz", UriKind.Relative), cancel);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50, cancel);
        }

        throw new TimeoutException($"The portal was not ready after {Patience.TotalSeconds} s:\n{Said}");
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
