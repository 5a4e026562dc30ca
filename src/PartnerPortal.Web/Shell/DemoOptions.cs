namespace PartnerPortal.Web.Shell;

/// <summary>Settings of the demo, section <c>Portal:Demo</c>. The demo is on when either of them is set.</summary>
public sealed class DemoOptions
{
    /// <summary>The program of the sample partner, started with the portal and stopped with it; null when it runs elsewhere, as in the containers.</summary>
    public string? SamplePartner { get; set; }

    /// <summary>Where the sample partner listens; when absent, on this machine, one port above the portal's own.</summary>
    public Uri? Url { get; set; }

    /// <summary>Whether the portal shows its demo.</summary>
    public bool On => SamplePartner is not null || Url is not null;

    /// <summary>Where the sample partner is asked.</summary>
    public Uri Address => Url ?? throw new InvalidOperationException("The demo is off, so there is no sample partner.");

    /// <summary>Reads the settings; <paramref name="urls"/> are the addresses of the portal.</summary>
    /// <exception cref="FormatException">A setting cannot be used; the message names it.</exception>
    public static DemoOptions Read(IConfiguration configuration, string? urls)
    {
        var section = configuration.GetSection("Portal:Demo");
        var (program, url) = (NullIfEmpty(section["SamplePartner"]), NullIfEmpty(section["Url"]));
        if (program is not null && !File.Exists(program))
        {
            throw new FormatException($"Portal__Demo__SamplePartner: there is no file {program}. “./portal up --demo” builds the sample partner and names it.");
        }

        if (url is not null && (!Uri.TryCreate(url, UriKind.Absolute, out var given) || given.Scheme is not ("http" or "https")))
        {
            throw new FormatException($"Portal__Demo__Url: “{url}” is not a web address such as http://127.0.0.1:5081.");
        }

        return new DemoOptions
        {
            SamplePartner = program,
            Url = url is not null ? new Uri(url) : program is not null ? new Uri($"http://127.0.0.1:{NextPort(urls)}") : null,
        };
    }

    private static int NextPort(string? urls)
    {
        var first = urls?.Split(';', StringSplitOptions.TrimEntries)[0].Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal);
        return Uri.TryCreate(first, UriKind.Absolute, out var own) && own.Port is > 0 and < 65535 ? own.Port + 1 : 5081;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
