using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace PartnerPortal.Domain;

/// <summary>Spells durations as the API does: a whole number and a unit (<c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c>, <c>d</c>), parts in a row allowed ("1h30m").</summary>
public static partial class Durations
{
    /// <summary>"0s", "15m", "1h30m": the largest units first, nothing smaller than a millisecond.</summary>
    public static string Of(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = value < TimeSpan.Zero ? "-" : "";
        value = value.Duration();
        (long Amount, string Unit)[] parts = [(value.Days, "d"), (value.Hours, "h"), (value.Minutes, "m"), (value.Seconds, "s"), (value.Milliseconds, "ms")];
        return text + string.Concat(parts.Where(p => p.Amount > 0).Select(p => p.Amount.ToString(CultureInfo.InvariantCulture) + p.Unit));
    }

    /// <summary>The same for people: "15 min", "1 h 30 min", "at once" for nothing.</summary>
    public static string Said(TimeSpan value)
    {
        if (value < TimeSpan.FromSeconds(1))
        {
            return "at once";
        }

        (long Amount, string Unit)[] parts = [(value.Days, " d"), (value.Hours, " h"), (value.Minutes, " min"), (value.Seconds, " s")];
        return string.Join(' ', parts.Where(p => p.Amount > 0).Select(p => p.Amount.ToString(CultureInfo.InvariantCulture) + p.Unit));
    }

    /// <summary>Reads a duration; the longest is 10 years.</summary>
    public static bool TryParse(string? text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        var match = Shape().Match(text?.Trim() ?? "");
        if (!match.Success)
        {
            return false;
        }

        var milliseconds = 0m;
        foreach (Capture part in match.Groups["part"].Captures)
        {
            var digits = part.Value.TakeWhile(char.IsAsciiDigit).Count();
            var unit = part.Value[digits..] switch { "ms" => 1m, "s" => 1000m, "m" => 60_000m, "h" => 3_600_000m, _ => 86_400_000m };
            milliseconds += decimal.Parse(part.Value[..digits], CultureInfo.InvariantCulture) * unit;
        }

        if (milliseconds > 3650m * 86_400_000m)
        {
            return false;
        }

        value = TimeSpan.FromMilliseconds((long)milliseconds);
        return true;
    }

    [GeneratedRegex("^(?<part>[0-9]{1,12}(?:ms|s|m|h|d))+$")]
    private static partial Regex Shape();
}

/// <summary>Writes a duration in JSON as <see cref="Durations"/> spells it.</summary>
public sealed class DurationJsonConverter : JsonConverter<TimeSpan>
{
    /// <inheritdoc/>
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Durations.TryParse(reader.GetString(), out var value)
            ? value
            : throw new JsonException("Write a duration like 30s, 15m or 2h.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(Durations.Of(value));
}
