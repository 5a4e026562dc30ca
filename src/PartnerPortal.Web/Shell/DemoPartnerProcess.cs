using System.Diagnostics;

namespace PartnerPortal.Web.Shell;

/// <summary>
/// Runs the sample partner as a child of the portal. The child ends when its standard input does,
/// so it never outlives the portal, not even one that was killed.
/// </summary>
public sealed class DemoPartnerProcess(DemoOptions demo, ILogger<DemoPartnerProcess> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private Process? _process;
    private bool _stopping;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (demo.SamplePartner is not { } program)
        {
            return Task.CompletedTask;
        }

        var start = new ProcessStartInfo(Host()) { RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add(program);
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add(demo.Address.GetLeftPart(UriPartial.Authority));
        start.ArgumentList.Add("--until-input-ends");
        start.ArgumentList.Add("true");
        start.Environment.Remove("ASPNETCORE_URLS");
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => SayIfUnexpected();
        _process.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        if (_process is not { HasExited: false } process)
        {
            return;
        }

        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            process.Kill();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process?.Dispose();

    private void SayIfUnexpected()
    {
        if (!_stopping)
        {
            log.LogWarning(
                "The sample partner of the demo has stopped. If another program uses {Address}, set Portal__Demo__Url to a free port and start again", demo.Address);
        }
    }

    // The portal is itself run by dotnet; where it is not (a test, a single file), the one on the path will do.
    private static string Host() =>
        Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
}
