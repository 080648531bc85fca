"""``{% load clocks %}``: deadlines that count down (static/js/clocks.js)."""

from django import template

from complaints import time_left

register = template.Library()
register.simple_tag(time_left.time_left, name="time_left")
register.simple_tag(time_left.clock_words, name="clock_words")
