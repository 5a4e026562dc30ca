using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace PartnerPortal.Domain.Contacts;

/// <summary>Reads and spells <see cref="WorkingHours"/>; the grammar stands there.</summary>
internal static partial class WorkingHoursText
{
    private const string Example = "Write it like mon-fri 09:00-17:00, or 24/7.";
    private const int MinutesADay = 24 * 60;
    private static readonly IsoDayOfWeek[] Week = [.. Enumerable.Range(1, 7).Select(d => (IsoDayOfWeek)d)];

    public static WorkingHours Read(string text)
    {
        var plain = text.Replace('–', '-').Replace('—', '-').Replace(';', ',').Trim().ToLowerInvariant();
        if (plain is "24/7" or "24x7" or "always")
        {
            return WorkingHours.Always;
        }

        List<WeeklyRange> ranges = [];
        List<string> spelled = [];
        SortedSet<IsoDayOfWeek> lent = [];
        IReadOnlyCollection<IsoDayOfWeek>? before = null;
        foreach (var part in plain.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var match = Part().Match(part);
            if (!match.Success)
            {
                throw new FormatException($"“{part}” cannot be read as working hours. {Example}");
            }

            lent.UnionWith(Days(match.Groups["first"].Value, match.Groups["last"].Value));
            if (!match.Groups["from"].Success)
            {
                continue;
            }

            var days = lent.Count > 0 ? [.. lent] : before ?? Week;
            lent.Clear();
            var (start, end) = (Minute(match.Groups["from"].Value, false), Minute(match.Groups["until"].Value, true));
            if (start == end)
            {
                throw new FormatException($"“{part}” begins and ends at the same time. For a whole day write 00:00-24:00.");
            }

            ranges.AddRange(days.Select(day => new WeeklyRange(day, start, end < start ? end + MinutesADay : end)));
            spelled.Add((ReferenceEquals(days, before) ? "" : Spell(days) + " ") + Spell(start) + "-" + Spell(end));
            before = days;
        }

        if (ranges.Count == 0 || lent.Count > 0)
        {
            throw new FormatException($"“{text.Trim()}” does not say from when until when. {Example}");
        }

        return new WorkingHours(ranges, string.Join(", ", spelled));
    }

    private static IEnumerable<IsoDayOfWeek> Days(string first, string last)
    {
        switch (first)
        {
            case "":
                return [];
            case "daily":
                return Week;
            case "weekdays":
                return Week[..5];
            case "weekend" or "weekends":
                return Week[5..];
        }

        var from = (int)Day(first);
        var until = last.Length == 0 ? from : (int)Day(last);
        // sat-mon goes over the end of the week
        return Enumerable.Range(from, ((until - from + 7) % 7) + 1).Select(d => (IsoDayOfWeek)(((d - 1) % 7) + 1));
    }

    private static IsoDayOfWeek Day(string word)
    {
        var found = Week.Where(d => word.Length >= 3 && Name(d).StartsWith(word, StringComparison.Ordinal)).ToList();
        return found.Count == 1 ? found[0] : throw new FormatException($"“{word}” is not a day. Write mon, tue, wed, thu, fri, sat or sun.");
    }

    private static int Minute(string text, bool end)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var hour = int.Parse(colon < 0 ? text : text[..colon], CultureInfo.InvariantCulture);
        var minute = colon < 0 ? 0 : int.Parse(text[(colon + 1)..], CultureInfo.InvariantCulture);
        var good = minute < 60 && (hour < 24 || (end && hour == 24 && minute == 0));
        return good ? (hour * 60) + minute : throw new FormatException($"“{text}” is not a time of day. Write it like 09:00.");
    }

    private static string Spell(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    private static string Spell(IReadOnlyCollection<IsoDayOfWeek> days)
    {
        List<string> runs = [];
        var sorted = days.Select(d => (int)d).Order().ToList();
        for (var i = 0; i < sorted.Count;)
        {
            var last = i;
            while (last + 1 < sorted.Count && sorted[last + 1] == sorted[last] + 1)
            {
                last++;
            }

            var from = Short(sorted[i]);
            runs.Add(last == i ? from : last == i + 1 ? $"{from}, {Short(sorted[last])}" : $"{from}-{Short(sorted[last])}");
            i = last + 1;
        }

        return string.Join(", ", runs);
    }

    private static string Short(int day) => Name((IsoDayOfWeek)day)[..3];

    private static string Name(IsoDayOfWeek day) => day.ToString().ToLowerInvariant();

    [GeneratedRegex(@"^(?:(?<first>[a-z]+)\.?(?:\s*-\s*(?<last>[a-z]+)\.?)?)?\s*(?:(?<from>\d{1,2}(?::\d{2})?)\s*-\s*(?<until>\d{1,2}(?::\d{2})?))?$")]
    private static partial Regex Part();
}
