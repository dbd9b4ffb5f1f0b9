"""What can be had and by whom: parties and their demands, offers free of students, and options, their meeting."""
