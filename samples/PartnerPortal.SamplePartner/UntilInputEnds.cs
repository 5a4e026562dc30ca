namespace PartnerPortal.SamplePartner;

/// <summary>
/// Closes the shop when its standard input ends. Whoever started it holds the other end, so it never
/// outlives its starter, not even one that was killed.
/// </summary>
internal sealed class UntilInputEnds(IHostApplicationLifetime life) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A thread of its own: reading a console cannot be cancelled, and must not keep the program alive.
        new Thread(Watch) { IsBackground = true, Name = "until input ends" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Watch()
    {
        using var input = Console.OpenStandardInput();
        var nothing = new byte[64];
        while (input.Read(nothing) > 0)
        {
            // What is typed means nothing; only the end does.
        }
        life.StopApplication();
    }
}
