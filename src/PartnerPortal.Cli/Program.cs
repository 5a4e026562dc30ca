Console.WriteLine("portal 0.1.0");
