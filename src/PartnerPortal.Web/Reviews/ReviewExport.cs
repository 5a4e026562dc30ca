using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Reviews;

namespace PartnerPortal.Web.Reviews;

/// <summary>A review as a file: for programs, for spreadsheets, for reading.</summary>
public static class ReviewExport
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new WordsJsonConverter() } };

    /// <summary>The same content as the API gives, and the whole checklist, so that another portal can make an equal review of it.</summary>
    public static byte[] Json(ReviewSheet sheet)
    {
        var json = JsonSerializer.SerializeToNode(ReviewReply.Of(sheet), Indented)!.AsObject();
        json["checklist"] = JsonSerializer.SerializeToNode(ChecklistDraft.From(sheet.Template.Slug, sheet.Checklist), Indented);
        return JsonSerializer.SerializeToUtf8Bytes(json, Indented);
    }

    /// <summary>One line an item (RFC 4180), with a byte order mark so that spreadsheets read it as UTF-8.</summary>
    public static byte[] Csv(ReviewSheet sheet)
    {
        // What begins like a formula is marked as text, so that opening the file never runs anything.
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, new CsvWriterOptions { Injection = CsvInjection.Escape, WriteByteOrderMark = true }, leaveOpen: true))
        {
            csv.WriteRecord(["section", "key", "question", "who", "severity", "state", "value", "unit", "comment", "evidence", "answered by", "answered at"]);
            foreach (var item in ReviewReply.Of(sheet).Items)
            {
                csv.WriteRecord([
                    item.Section, item.Key, item.Question, Words.Of(item.Who), item.Severity is { } severity ? Words.Of(severity) : "", Words.Of(item.State), item.Value, item.Unit,
                    item.Comment, string.Join('\n', item.Evidence), item.AnsweredBy,
                    item.AnsweredAt?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)]);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>A task list with comments, for a wiki or a ticket.</summary>
    public static byte[] Markdown(ReviewSheet sheet)
    {
        var text = new StringBuilder();
        var progress = sheet.Progress;
        text.Append(CultureInfo.InvariantCulture, $"# {sheet.Review.Title}: {sheet.PartnerName}, {sheet.IntegrationName}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Started {sheet.Review.StartedAt.UtcDateTime:yyyy-MM-dd} by {sheet.Review.StartedBy}, version {sheet.Template.Number} of the checklist. ");
        text.Append(CultureInfo.InvariantCulture, $"{progress.Answered} of {progress.Items} answered, {progress.Passed} of {progress.Counting} passed.\n");
        if (sheet.Review.Decision is { } decision)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n**Decision: {decision.Verdict.Word()}**, signed by {decision.Signer} on {decision.At.UtcDateTime:yyyy-MM-dd}.\n");
            Quote(text, "", decision.Reason);
            foreach (var condition in decision.Conditions)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n- [ ] {condition.Text}{(condition.Owner is null ? "" : $" ({condition.Owner})")}{(condition.Due is { } due ? $", due {due:yyyy-MM-dd}" : "")}\n");
            }
        }

        foreach (var section in sheet.Checklist.Sections.Where(s => s.Items.Any(i => sheet.Standings[i.Key].Asked)))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {section.Title}\n\n");
            foreach (var item in section.Items.Where(i => sheet.Standings[i.Key].Asked))
            {
                Write(text, item, sheet.StateOf(item.Key), sheet.AnswerTo(item.Key));
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, ChecklistItem item, AnswerState state, Answer? answer)
    {
        text.Append(CultureInfo.InvariantCulture, $"- [{(state == AnswerState.Passed ? 'x' : ' ')}] {item.Question} ({Words.Of(item.Severity)}, {Words.Of(item.Who)}): **{Words.Of(state)}**");
        if (answer?.Value is { } value)
        {
            text.Append(CultureInfo.InvariantCulture, $" {value.Replace("\n", ", ", StringComparison.Ordinal)}{(item.Unit.Length > 0 ? " " + item.Unit : "")}");
        }

        text.Append('\n');
        Quote(text, "  ", answer?.Comment ?? "");
        foreach (var link in answer?.Evidence ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"  - <{link}>\n");
        }
    }

    private static void Quote(StringBuilder text, string indent, string comment)
    {
        foreach (var line in comment.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}> {line}\n");
        }
    }
}
