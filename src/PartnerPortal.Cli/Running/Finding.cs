using System.Text.Json.Serialization;

namespace PartnerPortal.Cli.Running;

/// <summary>How one check of the doctor came out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
internal enum Verdict
{
    [JsonStringEnumMemberName("ok")] Ok,
    [JsonStringEnumMemberName("warning")] Warning,
    [JsonStringEnumMemberName("fault")] Fault,
}

/// <summary>One line of the doctor: what was looked at, how it is, and for anything but ok what to do.</summary>
internal sealed record Finding(string Name, Verdict Verdict, string Text, string? Remedy = null)
{
    public static Finding Ok(string name, string text) => new(name, Verdict.Ok, text);

    public static Finding Warning(string name, string text, string remedy) => new(name, Verdict.Warning, text, remedy);

    public static Finding Fault(string name, string text, string remedy) => new(name, Verdict.Fault, text, remedy);
}
