using System.Text;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;
using PartnerPortal.Engine.Incidents;

namespace PartnerPortal.Web.Incidents;

/// <summary>Reads what somebody pasted as a source would read it; nothing is stored and nobody is paged.</summary>
internal static class AlertTrial
{
    /// <summary>The alerts that a body becomes.</summary>
    /// <param name="source">The source.</param>
    /// <param name="body">What its sender would post.</param>
    /// <param name="path">What follows the source's address; only Opsgenie's senders write anything there.</param>
    /// <param name="mapping">A mapping to try; null: the source's own.</param>
    /// <param name="at">Now.</param>
    /// <exception cref="Domain.FieldsRefused">It does not fit.</exception>
    public static IReadOnlyList<AlertSignal> Read(AlertSource source, string? body, string? path, AlertMapping? mapping, DateTimeOffset at)
    {
        mapping?.MakeSureItCanBeRead();
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        var post = source.Kind == AlertSourceKind.Mail ? MailReading.Read(bytes, at).Post : new(bytes, source.Kind == AlertSourceKind.Opsgenie ? path ?? "" : "");
        return AlertFormats.Read(source.Kind, post, source.GroupBy, mapping ?? source.Mapping);
    }
}
