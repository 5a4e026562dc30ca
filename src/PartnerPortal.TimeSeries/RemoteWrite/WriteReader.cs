using System.Text;
using Google.Protobuf;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.RemoteWrite;

/// <summary>Reads the protobuf message of a request, counting as it goes.</summary>
internal sealed class WriteReader(WriteLimits limits)
{
    private const uint Bytes = 2;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<SeriesSamples> _series = [];
    private readonly List<MetricFamily> _families = [];
    private readonly List<Label> _labels = [];
    private readonly List<Sample> _samples = [];
    // Most label names and values stand in the request many times.
    private readonly Dictionary<ByteString, string> _texts = [];
    private int _count;
    private int _histograms;

    public WriteRequest Read(byte[] message)
    {
        try
        {
            using var input = new CodedInputStream(message);
            while (input.ReadTag() is not 0 and var tag)
            {
                switch (tag)
                {
                    case (1 << 3) | Bytes:
                        Series(input.ReadBytes());
                        break;
                    case (3 << 3) | Bytes:
                        Family(input.ReadBytes());
                        break;
                    default:
                        input.SkipLastField();
                        break;
                }
            }
        }
        catch (InvalidProtocolBufferException)
        {
            throw new WriteRefused("The body is no protobuf message of remote write 1.0 (prometheus.WriteRequest).");
        }

        return new(_series, _families, _histograms);
    }

    private void Series(ByteString message)
    {
        if (_series.Count == limits.Series)
        {
            throw WriteRequest.TooMuch($"{limits.Series} series");
        }

        _labels.Clear();
        _samples.Clear();
        using var input = message.CreateCodedInput();
        while (input.ReadTag() is not 0 and var tag)
        {
            switch (tag)
            {
                case (1 << 3) | Bytes:
                    OneLabel(input.ReadBytes());
                    break;
                case (2 << 3) | Bytes:
                    OneSample(input.ReadBytes());
                    break;
                case (4 << 3) | Bytes:
                    _histograms++;
                    input.SkipLastField();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        var labels = Checked();
        if (_samples.Count > 0)
        {
            _series.Add(new(labels, [.. _samples]));
        }
    }

    private void OneLabel(ByteString message)
    {
        if (_labels.Count == limits.Labels)
        {
            throw new WriteRefused($"A series has more than {limits.Labels} labels.");
        }

        var (name, value) = ("", "");
        using var input = message.CreateCodedInput();
        while (input.ReadTag() is not 0 and var tag)
        {
            switch (tag)
            {
                case (1 << 3) | Bytes:
                    name = Text(input.ReadBytes(), limits.NameBytes, "The name of a label");
                    break;
                case (2 << 3) | Bytes:
                    value = Text(input.ReadBytes(), limits.ValueBytes, "The value of a label");
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        _labels.Add(new(name, value));
    }

    private void OneSample(ByteString message)
    {
        if (++_count > limits.Samples)
        {
            throw WriteRequest.TooMuch($"{limits.Samples} samples");
        }

        var (time, value) = (0L, 0d);
        using var input = message.CreateCodedInput();
        while (input.ReadTag() is not 0 and var tag)
        {
            switch (tag)
            {
                case (1 << 3) | 1:
                    value = input.ReadDouble();
                    break;
                case 2 << 3:
                    time = input.ReadInt64();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        _samples.Add(new(time, value));
    }

    private LabelSet Checked()
    {
        foreach (var label in _labels)
        {
            if (!Label.IsLabelName(label.Name))
            {
                throw new WriteRefused($"“{Short(label.Name)}” is not a label's name.");
            }
        }

        LabelSet labels;
        try
        {
            labels = LabelSet.Of(_labels);
        }
        catch (ArgumentException)
        {
            throw new WriteRefused("A series has a label twice.");
        }

        if (!Label.IsMetricName(labels.MetricName))
        {
            throw new WriteRefused(labels.MetricName.Length == 0 ? $"The series {Short(labels.ToString())} has no name." : $"“{Short(labels.MetricName)}” is not a metric's name.");
        }

        return labels.MetricName.Length <= limits.NameBytes ? labels : throw new WriteRefused($"The name of a metric is longer than {limits.NameBytes} bytes.");
    }

    private void Family(ByteString message)
    {
        if (_families.Count == limits.Families)
        {
            throw WriteRequest.TooMuch($"{limits.Families} descriptions of metrics");
        }

        var family = new MetricFamily("", MetricType.Unknown, "", "");
        using var input = message.CreateCodedInput();
        while (input.ReadTag() is not 0 and var tag)
        {
            switch (tag)
            {
                case 1 << 3:
                    var type = input.ReadEnum();
                    family = family with { Type = type >= 0 && type < WriteRequest.Types.Length ? WriteRequest.Types[type] : MetricType.Unknown };
                    break;
                case (2 << 3) | Bytes:
                    family = family with { Name = Text(input.ReadBytes(), limits.NameBytes, "The name of a metric") };
                    break;
                case (4 << 3) | Bytes:
                    family = family with { Help = Text(input.ReadBytes(), limits.ValueBytes, "The help of a metric") };
                    break;
                case (5 << 3) | Bytes:
                    family = family with { Unit = Text(input.ReadBytes(), limits.ValueBytes, "The unit of a metric") };
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        if (Label.IsMetricName(family.Name))
        {
            _families.Add(family);
        }
    }

    private string Text(ByteString bytes, int most, string what)
    {
        if (bytes.Length > most)
        {
            throw new WriteRefused($"{what} is longer than {most} bytes.");
        }

        if (_texts.TryGetValue(bytes, out var known))
        {
            return known;
        }

        try
        {
            return _texts[bytes] = Strict.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            throw new WriteRefused($"{what} is not UTF-8.");
        }
    }

    private static string Short(string text) => text.Length > 100 ? text[..100] + "…" : text;
}
